import type { Portal } from "./client.ts";
import type { PortalRow } from "./judge-reply.ts";
import { CannotBeMapped, PortalRefused } from "./portal-errors.ts";

/** MaLinhVuc of a procedure, from the portal's own catalogue. */
export interface FieldCodes {
  /**
   * The code of the field `name`, else of the field of the procedure (full code). Throws CannotBeMapped when
   * the portal knows neither, PortalUnavailable.
   */
  get(name: string, procedureCode: string): Promise<string>;
}

const KEPT_MS = 10 * 60_000;

/** Asks for the list of fields once, and again at most every ten minutes when a name is not in it. */
export function openFieldCodes(portal: Portal): FieldCodes {
  let byName = new Map<string, string>();
  let byProcedure = new Map<string, string>();
  let askedAt = -Infinity;

  return {
    async get(name, procedureCode) {
      const known = () => byName.get(plain(name)) ?? byProcedure.get(procedureCode);
      if (known() === undefined && performance.now() - askedAt > KEPT_MS) {
        const rows = await ask("LayDanhMucLinhVuc", {});
        byName = new Map(rows.map((row) => [plain(text(row.TENLINHVUC)), text(row.MALINHVUC)]));
        byProcedure = new Map();
        askedAt = performance.now();
      }
      if (known() === undefined) {
        const [procedure] = await ask("LayThuTuc", { maTTHC: procedureCode });
        const fields = procedure?.LINHVUCTHUCHIEN;
        const first = Array.isArray(fields) ? (fields[0] as PortalRow | undefined) : undefined;
        // "" is remembered too: an unknown procedure is asked for once in ten minutes, not for each dossier.
        byProcedure.set(procedureCode, text(first?.MALINHVUC));
      }
      const code = known();
      if (code !== undefined && code !== "") return code;
      throw new CannotBeMapped("MaLinhVuc", `cổng không có lĩnh vực "${name}" và thủ tục ${procedureCode}`);

      async function ask(service: string, params: PortalRow): Promise<PortalRow[]> {
        try {
          return await portal.query(service, params);
        } catch (error) {
          if (!(error instanceof PortalRefused)) throw error;
          throw new CannotBeMapped("MaLinhVuc", error.reason);
        }
      }
    },
  };
}

function plain(name: string): string {
  return name.normalize("NFC").trim().toLowerCase();
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
