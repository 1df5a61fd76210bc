import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { readConfig } from "../server/config.ts";
import { openClock } from "../server/platform/clock.ts";
import { openDatabase } from "../server/platform/database.ts";
import { Invalid, Problem } from "../server/platform/errors.ts";
import { openLog } from "../server/platform/log.ts";
import { findRunning } from "../server/platform/running.ts";
import { cloudService } from "../server/signing/cloud-service.ts";
import { enterKey, listKeys, removeKey } from "../server/signing/enter-key.ts";
import { enterImage, listImages, removeImage } from "../server/signing/signature-images.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import { endWrongUsage, readCommandLine } from "./command-line.ts";

/**
 * `npm run signing-key`: whose signing key lies where (docs/signing.md). It acts as the database's owner, for the
 * running program may only read the keys. The system must have been started once.
 */
const USAGE = `npm run signing-key -- list
npm run signing-key -- add --officer USER | --agency CODE
    --p12 /path/to/key.p12                                     (asks for its PIN, which is not kept)
  | --pkcs11 "pkcs11:token=LABEL;object=LABEL?module-path=/path/to/module.so"
  | --csc CREDENTIAL                                           (at the service of CSC_URL)
    [--certificate chain.pem]                                  (certificates that the key does not carry)
npm run signing-key -- remove --officer USER | --agency CODE
npm run signing-key -- image --officer USER | --agency CODE --png hand.png
    [--width-mm 36]                                            (real width of a seal, where the file does not say it)
npm run signing-key -- remove-image --officer USER | --agency CODE
npm run signing-key -- credentials                             (lists those at the service of CSC_URL)`;

const { values, positionals } = readCommandLine(USAGE, {
  allowPositionals: true,
  options: {
    officer: { type: "string" },
    agency: { type: "string" },
    p12: { type: "string" },
    pkcs11: { type: "string" },
    csc: { type: "string" },
    certificate: { type: "string" },
    png: { type: "string" },
    "width-mm": { type: "string" },
  },
});
const [command] = positionals;
const { officer, agency, p12, pkcs11, csc } = values;
const owner = officer ?? agency;
const place = p12 ?? pkcs11 ?? csc;
const widthMm = values["width-mm"] === undefined ? undefined : Number(values["width-mm"]);
const ownerKind = officer === undefined ? "agency" : "officer";
const isWidth = (mm: number | undefined) => mm === undefined || mm > 0;
const count = (...given: (string | undefined)[]) => given.filter((one) => one !== undefined).length;
const isRight =
  command === "list" ||
  command === "credentials" ||
  ((command === "remove" || command === "remove-image") && count(officer, agency) === 1) ||
  (command === "image" && count(officer, agency) === 1 && values.png !== undefined && isWidth(widthMm)) ||
  (command === "add" && count(officer, agency) === 1 && count(p12, pkcs11, csc) === 1);
if (!isRight || positionals.length !== 1) endWrongUsage(USAGE);

const config = readConfig(process.env, { withOwner: true });
const running = await findRunning(config.dataDir);
const database = await keepDatabaseRunning(config, () => undefined, openLog("signing-key", "silent"));
const db = openDatabase(database.ownerUrl, undefined, { max: 1, applicationName: "motcua-signing-key" });
const clock = openClock(config.clock);
const cloud = config.signing.cloud === undefined ? undefined : cloudService(config.signing.cloud);
let code = 0;
try {
  if (command === "list") await list();
  else if (command === "credentials") for (const id of (await cloud?.credentials()) ?? []) console.log(id);
  else if (command === "remove") await removeKey({ db, clock }, ownerKind, owner ?? "");
  else if (command === "remove-image") await removeImage({ db, clock }, ownerKind, owner ?? "");
  else if (command === "image") {
    const bytes = await readFile(values.png ?? "");
    const image = await enterImage({ db, clock }, { ownerKind, owner: owner ?? "", bytes, widthMm });
    console.log(`entered: ${image.widthMm} × ${image.heightMm} mm on paper`);
  } else {
    const certificate = await enterKey(
      { db, clock, cloud },
      {
        ownerKind,
        owner: owner ?? "",
        kind: p12 !== undefined ? "p12" : pkcs11 !== undefined ? "pkcs11" : "csc",
        place: place ?? "",
        ...(values.certificate === undefined
          ? {}
          : { certificates: await readFile(values.certificate, "utf8") }),
        ...(p12 === undefined ? {} : { pin: await askPin() }),
      },
    );
    console.log(`entered: ${certificate.subject.replaceAll("\n", ", ")}, valid to ${certificate.validTo}`);
  }
} catch (error) {
  code = 1;
  if (error instanceof Invalid) for (const { message } of error.errors) console.error(message);
  else if (error instanceof Problem) console.error(error.publicMessage);
  else console.error(error instanceof Error ? error.message : error);
} finally {
  await db.destroy();
  if (running === undefined) await database.stop();
}
process.exit(code);

async function list(): Promise<void> {
  for (const key of await listKeys(db))
    console.log(
      `${key.ownerKind} ${key.owner}  ${key.kind}  ${key.place}\n  ${key.subject}, valid to ${key.validTo.toISOString()}`,
    );
  for (const { ownerKind: kind, owner: name, widthMm: width, heightMm: height } of await listImages(db))
    console.log(`${kind} ${name}  ${kind === "officer" ? "hand" : "seal"}, ${width} × ${height} mm`);
}

/** Asks for the PIN on the terminal without showing it; a line of stdin where there is none. */
async function askPin(): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) {
    stderr.write("PIN: ");
    stdin.setRawMode(true);
  }
  if (!stdin.isTTY) {
    const lines = createInterface({ input: stdin });
    for await (const line of lines) return line;
    return "";
  }
  let typed = "";
  for await (const chunk of stdin) {
    for (const char of String(chunk)) {
      if (char === "\u0003") process.exit(130);
      if (char === "\r" || char === "\n") {
        stdin.setRawMode(false);
        stderr.write("\n");
        stdin.pause();
        return typed;
      }
      typed = char === "\u007f" || char === "\b" ? typed.slice(0, -1) : typed + char;
    }
  }
  return typed;
}
