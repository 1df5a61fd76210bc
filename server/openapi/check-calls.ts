import type { Call } from "./call.ts";
import { described, flag, list, moment, object, oneOf, orNull, ref, text, whole } from "./schemas.ts";
import type { Schema } from "./schemas.ts";

/** The check of signed papers. */
export const CHECK_CALLS: Call[] = [
  {
    method: "post",
    path: "/signature-checks",
    operationId: "checkSignatures",
    tag: "Papers",
    summary: "Kiểm tra chữ ký số của một tệp PDF",
    description:
      "Who signed, when, whether anything was changed after, whether the certificates were good then. Nothing is kept. A file that cannot be judged is a 200 with the verdict `unjudged`: `code` says why.",
    access: "anybody",
    body: {
      mediaType: "multipart/form-data",
      schema: {
        type: "object",
        required: ["file"],
        properties: { file: { type: "string", contentMediaType: "application/pdf" } },
      },
    },
    answer: { status: 200, description: "what was found", schema: ref("SignatureCheck") },
    problems: ["too-large", "file-too-large", "unsupported-media", "invalid", "checks-busy"],
  },
];

const verdict = described(
  oneOf("valid", "untrusted", "unjudged", "invalid"),
  "`untrusted`: whole, but by a certificate that no trusted authority issued; `unjudged`: cannot be judged safely",
);
const code = described(text, "what decided: `valid`, or the code of a finding");
const finding = object({
  code: text,
  text: described(text, "in Vietnamese"),
  detail: described(text, "for experts, in English"),
});

const signature = object({
  verdict,
  code,
  text: described(text, "in Vietnamese"),
  kind: oneOf("signature", "timestamp"),
  field: text,
  subFilter: text,
  role: oneOf("person", "agency", "timestamp", "unknown"),
  signer: orNull(object({ name: text, organisation: text, title: text })),
  certificate: orNull(
    object({
      issuer: text,
      serial: text,
      notBefore: moment,
      notAfter: moment,
      trusted: flag,
      revocation: oneOf("good", "revoked", "unknown"),
      revokedAt: orNull(moment),
    }),
  ),
  claimedAt: described(orNull(moment), "as the signer's machine said"),
  timestamp: orNull(
    object({ at: moment, authority: text, good: described(flag, "whether it proves the time") }),
  ),
  coversWholeFile: flag,
  revision: described(whole, "which revision was signed, from 1; 0 where that cannot be told"),
  intact: described(flag, "whether the covered bytes are the signed ones"),
  addedAfter: list(
    object({
      kind: oneOf("signature", "timestamp", "empty-field", "validation-data", "metadata"),
      "field?": text,
    }),
    "what was honestly added after it",
  ),
  reason: text,
  location: text,
  findings: list(finding),
});

export const CHECK_SCHEMAS: Record<string, Schema> = {
  SignatureCheck: object({
    verdict,
    code,
    text: described(text, "in Vietnamese"),
    sha256: text,
    size: described(whole, "bytes"),
    revisions: whole,
    signatures: list(signature, "in the order in which they were made"),
    findings: list(finding, "of the file as a whole"),
    issued: described(
      orNull(object({ number: text, agency: text, issuedAt: moment })),
      "the result of a unit of the province that is this file, byte for byte",
    ),
  }),
};
