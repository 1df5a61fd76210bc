import type { Request } from "express";
import { onceOfForm } from "../dossier/request.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Payload } from "../../workflows/rules.ts";
import type { Answer } from "../platform/http.ts";
import { fieldText } from "../platform/form-body.ts";
import { actOnDossier } from "./act-on-dossier.ts";
import type { EventRequest } from "./act-on-dossier.ts";
import type { SpecialActs } from "./routes.ts";

/** What a page's form asks for. */
export interface FormAct {
  code: string;
  caller: Caller;
  type: EventType;
  payload: Payload;
}

/** The version that a form was made for; undefined where it carries none. */
export function versionSeen(req: Request): number | undefined {
  const text = fieldText(req, "_phienBan");
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * Does what a form asks for, once however often it is sent, and only on the version that it was made for. Throws what
 * `advance` throws.
 */
export async function doAction(
  deps: Deps,
  special: SpecialActs,
  req: Request,
  act: FormAct,
): Promise<Answer> {
  const once = onceOfForm(req, act.caller.username);
  const ifVersion = versionSeen(req);
  const request: EventRequest = {
    ...act,
    ...(ifVersion === undefined ? {} : { ifVersion }),
    ...(once === undefined ? {} : { once }),
  };
  const elsewhere = special[act.type];
  return elsewhere === undefined ? actOnDossier(deps, request) : elsewhere(deps, request);
}
