import type { PoolClient } from "pg";
import { CODES, refuse, type Answer } from "./answer.ts";
import type { PortalRecord } from "./judge-fields.ts";

/**
 * TraCuuHoSo: the dossier record that the portal holds, or no row. `SoLuongTienTrinh`, the number of its
 * progress records, is an addition of this stub.
 */
export async function lookUpDossier(trx: PoolClient, params: PortalRecord): Promise<Answer> {
  if (typeof params.mahoso !== "string") return refuse(CODES.invalid, "mahoso là tham số bắt buộc");
  const { rows } = await trx.query<{ record: PortalRecord; steps: string }>(
    `select record, (select count(*)::text from progress p where p.code = d.code) as steps from dossiers d where code = $1`,
    [params.mahoso],
  );
  return found(rows.map(({ record, steps }) => ({ ...record, SoLuongTienTrinh: steps })));
}

/** LayThuTuc: one procedure of the catalogue, as far as this stub knows it. */
export async function lookUpProcedure(trx: PoolClient, params: PortalRecord, unit: string): Promise<Answer> {
  if (typeof params.maTTHC !== "string") return refuse(CODES.invalid, "maTTHC là tham số bắt buộc");
  const { rows } = await trx.query<{ code: string; name: string; field_code: string; field_name: string }>(
    `select code, name, field_code, field_name from procedures where code = $1`,
    [params.maTTHC],
  );
  return found(
    rows.map((row) => ({
      ID: row.code,
      MATTHC: row.code,
      TENTTHC: row.name,
      TRANGTHAI: "1",
      MACOQUANCONGBO: unit,
      LINHVUCTHUCHIEN: [{ MALINHVUC: row.field_code, TENLINHVUC: row.field_name }],
    })),
  );
}

/** LayDanhSachTTHC: code and name of every procedure. */
export async function listProcedures(trx: PoolClient): Promise<Answer> {
  const { rows } = await trx.query<PortalRecord>(
    `select code as "MATTHC", name as "TENTTHC" from procedures order by code`,
  );
  return found(rows);
}

/** LayDanhMucLinhVuc: the fields of the catalogue. */
export async function listFields(trx: PoolClient, unit: string): Promise<Answer> {
  const { rows } = await trx.query<PortalRecord>(
    `select distinct field_code as "MALINHVUC", field_name as "TENLINHVUC", $1::text as "MANGANH"
       from procedures order by 1`,
    [unit],
  );
  return found(rows);
}

/** LayDanhMucCoQuan: the agencies that exchange with the portal; here the one that does. */
export function listAgencies(unit: string): Answer {
  return found([{ MADONVI: unit, TENDONVI: "Ủy ban nhân dân tỉnh", CAPDONVI: "1" }]);
}

function found(result: unknown[]): Answer {
  return { error_code: CODES.ok, message: "Thành công", result };
}
