import type { ProblemCode } from "./problems.ts";
import type { Schema } from "./schemas.ts";

/** Who may call, and with what he says who he is. */
export type Access = "anybody" | "staff" | "staff-or-secret" | "anybody-or-secret" | "portal";

/** One call of the interface, as contract.md has it. */
export interface Call {
  method: "get" | "post" | "delete";
  /** Under `/api/v1`, as OpenAPI writes it: "/dossiers/{code}". */
  path: string;
  operationId: string;
  tag: string;
  /** In Vietnamese, a few words. */
  summary: string;
  /** In English, what a caller has to know. */
  description: string;
  access: Access;
  /** Of the parts in braces, by name. */
  inPath?: Record<string, { description: string; schema?: Schema; example?: string }>;
  query?: { name: string; description: string; schema?: Schema; repeated?: true }[];
  body?: { mediaType: "application/json" | "multipart/form-data"; schema: Schema };
  answer: { status: 200 | 201; description: string; schema?: Schema; mediaTypes?: string[]; etag?: true };
  /** Answered with 202 while the work goes on by itself. */
  later?: { description: string; schema: Schema };
  /** Takes Idempotency-Key. */
  once?: true;
  /** Takes If-Match. */
  ifMatch?: true;
  problems: ProblemCode[];
}

export const dossierCode = {
  code: {
    description: "the dossier's code, in any spacing or case",
    example: "000.00.20.H30-261123-0001",
  },
};
