import { changeSchema } from "../person-store/entries.ts";
import { storeSearchSchema } from "../person-store/routes.ts";
import { dossierCode } from "./call.ts";
import type { Call } from "./call.ts";
import { described, list, moment, object, oneOf, orNull, ref, text, whole } from "./schemas.ts";
import type { Schema } from "./schemas.ts";

/** The person's store of digitized papers. */
export const STORE_CALLS: Call[] = [
  {
    method: "post",
    path: "/person-store/searches",
    operationId: "searchPersonStore",
    tag: "Papers",
    summary: "Tìm giấy tờ của một người trong kho dữ liệu điện tử",
    description:
      "The papers of a person that a procedure asks for and that may be used today. For front desks, with the person's `consent`; papers that another unit took in are answered only when he is `present`. Every search stays on record. Name an `entry` in `reuse` of POST /dossiers to use it.",
    access: "staff",
    body: { mediaType: "application/json", schema: ref("StoreSearch") },
    answer: { status: 200, description: "what was found, by component", schema: ref("StoreOffers") },
    once: true,
    problems: [
      "too-large",
      "unsupported-media",
      "not-front-desk",
      "invalid",
      "unknown-procedure",
      "idempotency-key-reused",
    ],
  },
  {
    method: "get",
    path: "/dossiers/{code}/store-papers",
    operationId: "listStorePapers",
    tag: "Papers",
    summary: "Giấy tờ của hồ sơ đã vào kho dữ liệu điện tử",
    description:
      "What a dossier brought into its person's store: its scans after DIGITIZE, its result after SEAL.",
    access: "staff",
    inPath: dossierCode,
    answer: { status: 200, description: "the papers", schema: ref("StorePapers") },
    problems: ["dossier-not-found"],
  },
  {
    method: "post",
    path: "/dossiers/{code}/store-papers/{id}",
    operationId: "changeStorePaper",
    tag: "Papers",
    summary: "Ghi số, ngày, hiệu lực của giấy tờ trong kho, hoặc đưa ra khỏi kho",
    description:
      "What the paper says of itself, null to take it back; or `state` with a `reason`, after which it is offered to nobody. For the front desk that received the dossier.",
    access: "staff",
    inPath: { ...dossierCode, id: { description: "the paper's id in the store", example: "12" } },
    body: { mediaType: "application/json", schema: ref("StorePaperChange") },
    answer: { status: 200, description: "the paper as it is now", schema: ref("StorePaper") },
    once: true,
    problems: [
      "too-large",
      "unsupported-media",
      "not-front-desk",
      "dossier-not-found",
      "store-paper-not-found",
      "store-paper-ended",
      "invalid",
      "idempotency-key-reused",
    ],
  },
];

const day = { type: ["string", "null"], format: "date", examples: ["2022-09-20"] };
const source = oneOf("scan", "result");

export const STORE_SCHEMAS: Record<string, Schema> = {
  StoreSearch: storeSearchSchema,
  StorePaperChange: changeSchema,
  StoreOffers: object({
    items: list(
      object({
        entry: described(text, "for `reuse` of POST /dossiers"),
        documentCode: described(text, "the component for which it would stand"),
        source,
        title: text,
        number: orNull(text),
        issuedOn: day,
        validTo: day,
        issuer: orNull(text),
        agency: described(text, "the unit that took it in"),
        digitizedAt: moment,
      }),
    ),
  }),
  StorePapers: object({ items: list(ref("StorePaper")) }),
  StorePaper: object({
    id: text,
    component: described(text, "the paper's code in the dossier, or `result`"),
    source,
    paperCode: described(text, "procedure and component of a scan, MaKetQua of a result"),
    title: text,
    number: orNull(text),
    issuedOn: day,
    validFrom: day,
    validTo: day,
    issuer: orNull(text),
    state: oneOf("in-force", "replaced", "withdrawn"),
    reason: orNull(text),
    digitizedAt: moment,
    digitizedBy: text,
    uses: described(whole, "dossiers in which it was used again"),
  }),
};
