import type { DigitizationStanding } from "./administration/digitization-pages.tsx";
import type { Config } from "./config.ts";
import { filesReceiver, hashOf } from "./digitization/routes.ts";
import { sendDocument } from "./digitization/send-document.ts";
import {
  COPY_FORM_NAMES,
  copyFormOf,
  maySignCopies,
  signCopyOf,
  signedCopiesOf,
  type CopySigner,
} from "./digitization/sign-copies.ts";
import { uploadDocument } from "./digitization/upload-document.ts";
import { virusScanner } from "./digitization/virus-scanner.ts";
import type { Caller, Deps } from "./dossier/deps.ts";
import type { DossierRecord } from "./dossier/record.ts";
import { Problem } from "./platform/errors.ts";
import type { DossierDesk } from "./processing/dossier-pages.tsx";
import type { PapersTold } from "./processing/papers-section.tsx";
import { decideProposal } from "./recognition/decide-proposal.ts";
import { readFailedAgain, readingsOf, recognitionStanding } from "./recognition/read-found.ts";
import { carryOutCopy } from "./signing/carry-out-copy.ts";
import type { SigningDeps } from "./signing/deps.ts";
import { copyAttempts } from "./signing/read-signings.ts";
import { reasonInWords } from "./signing/signing-words.ts";

/** Signs electronic copies; fonts and the PDF library are loaded with the first. */
export function copySigner(deps: Deps, signing: SigningDeps): CopySigner {
  return {
    sign: async (copy) => (await import("./signing/sign-copy.ts")).signCopy(deps, signing, copy),
    carryOut: ({ patience = signing.patience, ...copy }, perform) =>
      carryOutCopy(deps, { ...copy, patience: Math.min(patience, signing.patience) }, perform),
  };
}

/** What digitization, recognition and signing do on the page of a dossier. */
export function papersOfDossier(
  deps: Deps,
  uploadDir: string,
  signer: CopySigner,
): Pick<
  DossierDesk,
  | "readFiles"
  | "hashOf"
  | "upload"
  | "sendDocument"
  | "papersTold"
  | "decideProposal"
  | "copyForms"
  | "signCopy"
> {
  return {
    readFiles: filesReceiver(uploadDir),
    hashOf,
    upload: (upload) => uploadDocument(deps, upload),
    sendDocument: (caller, code, id, res, copy) => sendDocument(deps, caller, code, id, res, copy),
    papersTold: (dossier, caller) => papersTold(deps, dossier, caller),
    decideProposal: (caller, decision) => decideProposal(deps, caller, decision),
    copyForms: Object.entries(COPY_FORM_NAMES).map(([value, label]) => ({ value, label })),
    signCopy: (copy) => signCopyOf(deps, signer, { ...copy, form: copyFormOf(copy.form) }),
  };
}

async function papersTold(deps: Deps, dossier: DossierRecord, caller: Caller): Promise<PapersTold> {
  const [readings, copies, attempts] = await Promise.all([
    readingsOf(deps, dossier.id),
    signedCopiesOf(deps, dossier.id),
    copyAttempts(deps, dossier.id),
  ]);
  const unsigned = dossier.papers.filter(
    ({ id, component }) => component !== "result" && !copies.has(id) && attempts.get(id)?.state !== "running",
  );
  return {
    readings,
    copies: new Map(
      [...copies].map(([id, { form, signedBy, signedAt }]) => [
        id,
        { formName: COPY_FORM_NAMES[form], signedBy, signedAt },
      ]),
    ),
    attempts: new Map(
      [...attempts].map(([id, { state, startedAt, reason }]) => [
        id,
        { running: state === "running", startedAt, reason: reason === null ? "" : reasonInWords(reason) },
      ]),
    ),
    toSign: maySignCopies(dossier, caller) ? unsigned.map(({ id }) => id) : [],
  };
}

/** What the administrator sees of scanning for viruses and of recognition. */
export function digitizationDesk(
  deps: Deps,
  scanner: Config["scanner"],
): { standing(): Promise<DigitizationStanding>; readAgain(): Promise<number> } {
  return {
    async standing() {
      const [recognition, virus] = await Promise.all([recognitionStanding(deps), scannerStanding(scanner)]);
      return { recognition, scanner: virus };
    },
    readAgain: () => readFailedAgain(deps),
  };
}

const QUICKLY_MS = 3_000;

async function scannerStanding(scanner: Config["scanner"]): Promise<DigitizationStanding["scanner"]> {
  if (scanner === undefined) return { state: "none" };
  try {
    return { state: "works", version: await virusScanner(scanner, QUICKLY_MS).version() };
  } catch (cause) {
    if (cause instanceof Problem) return { state: "away" };
    throw cause;
  }
}
