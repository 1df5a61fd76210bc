import { urlencoded } from "express";
import type { Request, RequestHandler } from "express";
import { composed } from "./http.ts";

/** Reads a form of a page (not one with files), every text in NFC and without blanks around it. */
export function formBody(limit = "512kb"): RequestHandler {
  const parse: RequestHandler = urlencoded({ extended: false, limit, parameterLimit: 3_000 });
  return (req, res, next) =>
    parse(req, res, (error?: unknown) => {
      if (error === undefined) Object.assign(req, { body: composed((req.body ?? {}) as object) });
      next(error);
    });
}

/** A field of a form as text: "" when it is not there, the first when it is there twice. */
export function fieldText(req: Request, name: string): string {
  return fieldTexts(req, name)[0] ?? "";
}

/** All values of a field: ticked boxes, chosen lines. */
export function fieldTexts(req: Request, name: string): string[] {
  const value = (req.body as Record<string, unknown> | undefined)?.[name];
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return values.filter((one): one is string => typeof one === "string").map((one) => one.trim());
}
