import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compileString } from "sass";

/**
 * `npm run styles:make`: the parts of the GOV.UK design system that our pages use, in our colours, sizes and face, as
 * one sheet beside site.css. Run it after changing what stands here; the sheet is committed.
 */
const PARTS = [
  ...["objects/form-group", "objects/main-wrapper"],
  ...[
    "button",
    "checkboxes",
    "date-input",
    "details",
    "error-message",
    "error-summary",
    "fieldset",
    "hint",
    "input",
  ].map((name) => `components/${name}`),
  ...[
    "inset-text",
    "label",
    "notification-banner",
    "pagination",
    "radios",
    "select",
    "summary-list",
    "table",
  ].map((name) => `components/${name}`),
  ...["tabs", "tag", "textarea", "warning-text"].map((name) => `components/${name}`),
];

const COLOURS = {
  brand: "#0b4f8a",
  text: "#1c2430",
  "secondary-text": "#56606e",
  focus: "#ffcc33",
  "focus-text": "#1c2430",
  error: "#a11b12",
  success: "#17603a",
  border: "#d9dee5",
  "input-border": "#8a94a3",
  hover: "#d9dee5",
  link: "#0b4f8a",
  "link-visited": "#0b4f8a",
  "link-hover": "#083a66",
  "link-active": "#1c2430",
};

/** Sizes of the design system's scale in ours: px and line height; one for all widths. */
const SIZES: Record<string, [number, number]> = {
  "80": [40, 48],
  "48": [32, 40],
  "36": [24, 32],
  "27": [20, 28],
  "24": [18, 24],
  "19": [16, 24],
  "16": [15, 20],
};
const scale = Object.entries(SIZES)
  .map(
    ([step, [size, line]]) =>
      `${step}: (null: (font-size: ${size}px, line-height: ${line}px), print: (font-size: 12pt, line-height: 1.2))`,
  )
  .join(", ");
const colours = Object.entries(COLOURS)
  .map(([name, value]) => `"${name}": ${value}`)
  .join(", ");
const source = `@use "govuk-frontend/dist/govuk/settings" as * with (
  $govuk-font-family: ("Be Vietnam Pro", system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif),
  $govuk-include-default-font-face: false,
  $govuk-font-weight-bold: 600,
  $govuk-typography-scale: (${scale}),
  $govuk-functional-colours: (${colours})
);
${PARTS.map((part) => `@use "govuk-frontend/dist/govuk/${part}";`).join("\n")}`;

const { css } = compileString(source, {
  style: "compressed",
  loadPaths: [fileURLToPath(new URL("../node_modules", import.meta.url))],
  quietDeps: true,
});
await writeFile(new URL("../server/web/static/base.css", import.meta.url), `${css}\n`);
console.log(`server/web/static/base.css: ${Buffer.byteLength(css)} bytes`);
