import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** A file that pages refer to, under an address that changes with its content. */
export interface StaticFile {
  /** "/static/site-3f2a….css". */
  address: string;
  mediaType: string;
  body: Buffer;
  /** The same, packed; undefined for what is packed already. */
  gzip: Buffer | undefined;
}

const DIRECTORY = new URL("static/", import.meta.url);
const MEDIA_TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

/** The files that others refer to come first: a style sheet names its fonts by their addresses. */
const NAMES = [
  "icon.svg",
  "be-vietnam-pro-latin-400.woff2",
  "be-vietnam-pro-latin-600.woff2",
  "be-vietnam-pro-vietnamese-400.woff2",
  "be-vietnam-pro-vietnamese-600.woff2",
  "base.css",
  "site.css",
  "desk.css",
  "desk.js",
  "work-list.js",
  "receive.js",
  "upload.js",
];

const files = new Map<string, StaticFile>();
for (const name of NAMES) files.set(name, readStatic(name));

/** All static files, read once when the process starts. */
export const STATIC_FILES: readonly StaticFile[] = [...files.values()];

/** The address of a file of `server/web/static`. Throws when there is no such file. */
export function staticAddress(name: string): string {
  const file = files.get(name);
  if (file === undefined) throw new Error(`no static file ${name}`);
  return file.address;
}

function readStatic(name: string): StaticFile {
  const extension = name.slice(name.lastIndexOf(".") + 1);
  const mediaType = MEDIA_TYPES[extension];
  if (mediaType === undefined) throw new Error(`no media type for ${name}`);
  const raw = readFileSync(new URL(name, DIRECTORY));
  const body =
    extension === "css"
      ? Buffer.from(
          raw
            .toString("utf8")
            .replace(/url\("([^"]+)"\)/g, (_, file: string) => `url("${staticAddress(file)}")`),
        )
      : raw;
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 16);
  const stem = name.slice(0, -extension.length - 1);
  return {
    address: `/static/${stem}-${hash}.${extension}`,
    mediaType,
    body,
    gzip: extension === "woff2" ? undefined : gzipSync(body, { level: 9 }),
  };
}
