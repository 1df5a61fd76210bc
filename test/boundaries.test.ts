import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import ts from "typescript";

/**
 * Imports run one way (ARCHITECTURE.md, "Layers"). Each part of the program and the parts it may import; a type counts
 * as much as a value. A new folder has to be entered here, so that somebody thinks about where it stands.
 */
const LAYERS: Record<string, readonly string[]> = {
  workflows: [],
  "server/platform": [],
  // With the public pages about procedures; what these are drawn with knows nothing of the catalogue.
  "server/catalogue": ["server/platform", "workflows", "server/forms", "server/web"],
  "server/accounts": ["server/platform", "workflows"],
  "server/dossier": ["server/platform", "workflows", "server/catalogue", "server/accounts"],
  // The tables and files as they lie, whatever they mean.
  "server/backup": ["server/platform"],
  "server/forms": ["server/platform", "workflows"],
  // Papers of people, beside the dossiers that they came in with; whoever receives uses them in his own transaction.
  "server/person-store": [
    "server/platform",
    "workflows",
    "server/catalogue",
    "server/accounts",
    "server/dossier",
    "server/forms",
    "server/web",
  ],
  "server/web": ["server/platform", "workflows", "server/forms"],
  // Talks to the program over HTTP alone, as the real portal would.
  "server/national-portal-stub": [],
  migrations: [],
  seeds: [],
};

/** Works on what digitization took in, in the background, and has it read in the same process. */
const ABOVE_DESKS: Record<string, readonly string[]> = {
  "server/recognition": ["server/digitization"],
};

/** What every desk may import; never another desk: they meet in the dossier. */
const UNDER_DESKS = [
  "server/platform",
  "workflows",
  "server/catalogue",
  "server/accounts",
  "server/dossier",
  "server/person-store",
  "server/forms",
  "server/web",
];

const DESKS = [
  "server/administration",
  "server/cash",
  "server/intake",
  "server/digitization",
  "server/processing",
  "server/signing",
  "server/signature-check",
  "server/return",
  "server/printing",
  "server/tracking",
  "server/statistics",
  "server/national-portal",
  "server/openapi",
];

/** The files that stand in server/ itself: they put the parts together, and nobody imports them. */
const PROGRAM = "server";
const UNDER_PROGRAM = [...UNDER_DESKS, ...DESKS, ...Object.keys(ABOVE_DESKS), "server/backup", "seeds"];

/** Views: they show what is there and never move a dossier. */
const READERS = ["server/tracking", "server/statistics", "server/openapi"];
const WRITE_PATH = ["advance", "append-event", "attach-file", "number", "once", "open-dossier"].map(
  (name) => `server/dossier/${name}.ts`,
);

/** The rules need no more than a statechart and a schema checker; node's own modules (clock, files, net) neither. */
const PACKAGES_OF_WORKFLOWS = ["xstate", "ajv"];

/** Imports of a name made at run time: the migrations, found by their file names; the bundle, found by its key. */
const COMPUTED = ["server/platform/migrate.ts", "server/main.js", "server/main.ts"];

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const READ = [...Object.keys(LAYERS).filter((part) => !part.startsWith("server/")), PROGRAM];

interface Import {
  line: number;
  /** As written; undefined where it is made at run time. */
  name: string | undefined;
}

/** The part that a path (with slashes, from the root) belongs to. */
function partOf(path: string): string {
  const folders = posix.dirname(path).split("/");
  return folders[0] === "server" ? folders.slice(0, 2).join("/") : (folders[0] ?? "");
}

function mayImport(part: string): readonly string[] | undefined {
  if (part === PROGRAM) return UNDER_PROGRAM;
  const above = ABOVE_DESKS[part];
  if (above !== undefined) return [...UNDER_DESKS, ...above];
  return DESKS.includes(part) ? UNDER_DESKS : LAYERS[part];
}

/** Every import of a source: static, re-exported, dynamic, of a type, required, and a module's URL (threads). */
function importsOf(path: string, text: string): Import[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, name: ts.Node | undefined) => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ line, name: name && ts.isStringLiteralLike(name) ? name.text : undefined });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node, node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node, node.expression);
    else if (ts.isImportTypeNode(node))
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    else if (ts.isCallExpression(node) && isLoading(node.expression)) add(node, node.arguments[0]);
    else if (ts.isNewExpression(node) && isModuleUrl(node)) add(node, node.arguments?.[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isLoading(called: ts.Expression): boolean {
  return (
    called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === "require")
  );
}

/** `new URL("./thread.mjs", import.meta.url)` */
function isModuleUrl({ expression, arguments: given }: ts.NewExpression): boolean {
  const [name, base] = given ?? [];
  return (
    expression.getText() === "URL" &&
    base?.getText() === "import.meta.url" &&
    name !== undefined &&
    ts.isStringLiteralLike(name) &&
    /\.(ts|tsx|mts|js|mjs)$/.test(name.text)
  );
}

/** What is wrong with the imports of one file, a line each. */
function violationsOf(path: string, text: string): string[] {
  const part = partOf(path);
  const allowed = mayImport(part);
  if (allowed === undefined) return [`${path}: ${part} has no place among the layers; enter it in this test`];
  return importsOf(path, text).flatMap(({ line, name }) => {
    const wrong = judge(path, part, allowed, name);
    return wrong === undefined ? [] : [`${path}:${line} ${wrong}`];
  });
}

function judge(
  path: string,
  part: string,
  allowed: readonly string[],
  name: string | undefined,
): string | undefined {
  if (name === undefined)
    return COMPUTED.includes(path) ? undefined : "imports a name made at run time, which nobody can check";
  if (!name.startsWith(".")) return judgePackage(part, name);
  const target = posix.normalize(posix.join(posix.dirname(path), name));
  const other = partOf(target);
  if (READERS.includes(part) && WRITE_PATH.includes(target))
    return `${part} only reads, and imports ${target}`;
  if (other === part || allowed.includes(other)) return undefined;
  return `${part} imports ${target}, against the arrows`;
}

function judgePackage(part: string, name: string): string | undefined {
  const scoped = name.split("/").slice(0, name.startsWith("@") ? 2 : 1);
  const bare = scoped.join("/");
  if (part === "workflows" && !PACKAGES_OF_WORKFLOWS.includes(bare))
    return `workflows imports ${name}; the rules take ${PACKAGES_OF_WORKFLOWS.join(" and ")} alone`;
  if (!name.startsWith("node:") && !DEPENDENCIES.has(bare))
    return `imports ${name}, which is no dependency of the running program`;
  return undefined;
}

const DEPENDENCIES = new Set(
  Object.keys(
    (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { dependencies: object }).dependencies,
  ),
);

function sources(): string[] {
  return READ.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|tsx|mts|js|mjs)$/.test(name) && !name.endsWith(".d.ts"))
      .map((name) => posix.join(folder, name.replaceAll("\\", "/"))),
  );
}

describe("the layers", () => {
  it("are kept by every import of the program", () => {
    const files = sources();
    assert.ok(files.length > 200, `only ${files.length} files were found`);
    assert.deepEqual(
      files.flatMap((path) => violationsOf(path, readFileSync(join(ROOT, path), "utf8"))),
      [],
    );
  });

  it("name no folder that is not there", () => {
    const present = new Set(sources().map(partOf));
    const named = [...Object.keys(LAYERS), ...DESKS];
    assert.deepEqual(
      named.filter((part) => !present.has(part)),
      [],
    );
  });

  // Planted, so that a test which no longer looks would fail.
  const planted: [title: string, path: string, text: string, says: RegExp][] = [
    [
      "a desk that imports another desk",
      "server/intake/planted.ts",
      'import { actOnDossier } from "../processing/act-on-dossier.ts";',
      /^server\/intake\/planted\.ts:1 server\/intake imports server\/processing\/act-on-dossier\.ts/,
    ],
    [
      "a desk that imports another desk's type inside a type",
      "server/return/planted.ts",
      '\nexport type A = import("../signing/deps.ts").SigningDeps;',
      /^server\/return\/planted\.ts:2 .*server\/signing\/deps\.ts, against the arrows$/,
    ],
    [
      "a desk that loads the application while it runs",
      "server/processing/planted.ts",
      'export const late = () => import("../app.ts");',
      /server\/processing imports server\/app\.ts, against the arrows$/,
    ],
    [
      "the dossier that hands on a desk's export",
      "server/dossier/planted.ts",
      'export { trackDossier } from "../tracking/track-dossier.ts";',
      /server\/dossier imports server\/tracking/,
    ],
    [
      "a platform that knows the domain",
      "server/platform/planted.ts",
      'import type { Facts } from "../../workflows/facts.ts";',
      /server\/platform imports workflows\/facts\.ts/,
    ],
    [
      "rules that read the clock or a file",
      "workflows/processes/planted.ts",
      'import { readFileSync } from "node:fs";',
      /workflows imports node:fs/,
    ],
    [
      "rules that reach into the program",
      "workflows/planted.ts",
      'import { advance } from "../server/dossier/advance.ts";',
      /workflows imports server\/dossier\/advance\.ts/,
    ],
    [
      "a view that writes",
      "server/tracking/planted.ts",
      'const { advance } = await import("../dossier/advance.ts");',
      /server\/tracking only reads, and imports server\/dossier\/advance\.ts/,
    ],
    [
      "a stub that knows the program",
      "server/national-portal-stub/planted.ts",
      'import { openLog } from "../platform/log.ts";',
      /server\/national-portal-stub imports server\/platform\/log\.ts/,
    ],
    [
      "a program that knows its stub",
      "server/planted.ts",
      'import "./national-portal-stub/app.ts";',
      /server imports server\/national-portal-stub\/app\.ts/,
    ],
    [
      "a program that uses the tests' support",
      "server/planted.tsx",
      'import { applicant } from "../test/support/people.ts";\nexport const x = <p>{applicant().name}</p>;',
      /server imports test\/support\/people\.ts/,
    ],
    [
      "a migration that imports what may change later",
      "migrations/9999_planted.ts",
      'import { fold } from "../server/dossier/record.ts";',
      /migrations imports server\/dossier\/record\.ts/,
    ],
    [
      "a thread of another desk",
      "server/intake/planted.ts",
      'new URL("../digitization/reader-process.mjs", import.meta.url);',
      /server\/intake imports server\/digitization/,
    ],
    [
      "a name made at run time",
      "server/intake/planted.ts",
      "export const load = (name: string) => import(`../${name}.ts`);",
      /made at run time/,
    ],
    [
      "a package that only development has",
      "server/web/planted.ts",
      'import ts from "typescript";',
      /typescript, which is no dependency/,
    ],
    [
      "a folder that nobody placed",
      "server/parking/planted.ts",
      "export {};",
      /server\/parking has no place among the layers/,
    ],
  ];
  for (const [title, path, text, says] of planted)
    it(`find ${title}`, () => {
      const found = violationsOf(path, text);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", says);
    });

  it("let pass what follows the arrows, and words that only look like imports", () => {
    const text = [
      'import { decide } from "../../workflows/decide.ts";',
      'import type { Deps } from "../dossier/deps.ts";',
      'import express from "express";',
      'import { join } from "node:path";',
      '// import { x } from "../signing/seal.ts";',
      "export const words = 'import { x } from \"../signing/seal.ts\"';",
      'export { a } from "./application.ts";',
    ].join("\n");
    assert.deepEqual(violationsOf("server/intake/planted.ts", text), []);
  });
});
