import { Router } from "express";
import { identityErrors } from "../../workflows/identity.ts";
import { fieldChecker } from "../../workflows/schema.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { writeOnce } from "../dossier/once.ts";
import { onceOf, plainCode, staff } from "../dossier/request.ts";
import { iso } from "../dossier/time.ts";
import { Invalid, NotAllowed } from "../platform/errors.ts";
import { answering, jsonBody } from "../platform/http.ts";
import { changeEntry, changeSchema, entriesOfDossier } from "./entries.ts";
import type { EntryChange } from "./entries.ts";
import { findPapers } from "./find-papers.ts";
import type { OfferedPaper } from "./find-papers.ts";
import type { Identity } from "./owner.ts";

/** JSON Schema of the body of POST /person-store/searches. */
export const storeSearchSchema = {
  type: "object",
  additionalProperties: false,
  required: ["identity", "procedureCode", "consent"],
  properties: {
    identity: {
      type: "object",
      additionalProperties: false,
      required: ["type", "number"],
      properties: {
        type: { enum: ["cccd", "cmnd", "passport", "taxCode"] },
        number: { type: "string", minLength: 1, maxLength: 20 },
      },
    },
    procedureCode: { type: "string", minLength: 1, maxLength: 40 },
    case: { anyOf: [{ type: "string", minLength: 1, maxLength: 40 }, { type: "null" }] },
    consent: { const: true },
    present: { type: "boolean" },
  },
};

interface SearchBody {
  identity: Identity;
  procedureCode: string;
  case?: string | null;
  present?: boolean;
}

const checkSearch = fieldChecker(storeSearchSchema);
const checkChange = fieldChecker(changeSchema);

/** The person's store: what of it a procedure asks for, and what is known of the papers that a dossier brought in. */
export function personStoreRoutes(deps: Deps): Router {
  const router = Router();
  // By POST, so that no identity number stands in an address.
  router.post(
    "/person-store/searches",
    jsonBody(16 * 1024),
    answering(async (req) => {
      const caller = frontDesk(staff(req));
      const errors = [...checkSearch(req.body), ...identityErrors(req.body, "").map(withoutDot)];
      if (errors.length > 0) throw new Invalid(errors);
      const body = req.body as SearchBody;
      const version = deps.catalogue.current(body.procedureCode);
      if (version === undefined)
        throw new Invalid(
          [{ path: "procedureCode", message: "Không có thủ tục mang mã này." }],
          undefined,
          "unknown-procedure",
        );
      return writeOnce(deps, onceOf(req, caller.username), async (trx) => ({
        status: 200,
        body: {
          items: (
            await findPapers(deps, trx, caller, {
              holder: body.identity,
              declaration: version.declaration,
              case: body.case ?? null,
              present: body.present === true,
            })
          ).map(offerView),
        },
      }));
    }),
  );
  router.get("/dossiers/:code/store-papers", async (req, res) => {
    const items = await entriesOfDossier(deps, staff(req), plainCode(req.params.code));
    res.set("Cache-Control", "no-store").json({ items });
  });
  router.post(
    "/dossiers/:code/store-papers/:id",
    jsonBody(16 * 1024),
    answering((req) => {
      const caller = staff(req);
      const errors = checkChange(req.body);
      if (errors.length > 0) throw new Invalid(errors);
      const change = req.body as EntryChange;
      const place = { code: plainCode(String(req.params.code)), id: String(req.params.id) };
      return writeOnce(deps, onceOf(req, caller.username), async (trx) => ({
        status: 200,
        body: await changeEntry(deps, trx, caller, place, change),
      }));
    }),
  );
  return router;
}

/** Throws NotAllowed for everybody but a front desk. */
export function frontDesk(caller: Caller): Caller {
  if (!caller.roles.includes("frontdesk"))
    throw new NotAllowed(
      "not-front-desk",
      "Chỉ cán bộ bộ phận Một cửa được tra cứu kho giấy tờ của người dân.",
    );
  return caller;
}

const withoutDot = ({ path, message }: { path: string; message: string }) => ({
  path: path.replace(/^\./, ""),
  message,
});

function offerView({ id, digitizedAt, ...paper }: OfferedPaper) {
  return { entry: String(id), ...paper, digitizedAt: iso(digitizedAt) };
}
