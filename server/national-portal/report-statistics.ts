import { openPortal, type ClientDeps } from "./client.ts";
import type { PortalRow, PushVerdict } from "./judge-reply.ts";

/** The figures of one unit's calendar month up to a day. */
export interface MonthFigures {
  unit: string;
  unitName: string;
  year: number;
  /** From 1. */
  month: number;
  received: number;
  carriedOver: number;
  handledInTime: number;
  handledLate: number;
  openInTime: number;
  openOverdue: number;
  /** Dossiers without any known limit: in none of the other numbers, said in GhiChu. */
  apart: number;
}

/**
 * The record of `DongBoThongKeHoSo.data[]` (domain-facts 1.2): strings throughout, months from 1, percentages with two
 * decimals, 0 where nothing was handled.
 */
export function composeStatistics(figures: MonthFigures): PortalRow {
  const { handledInTime, handledLate, openInTime, openOverdue, received, carriedOver, apart } = figures;
  const handled = handledInTime + handledLate;
  const open = openInTime + openOverdue;
  return {
    Thang: String(figures.month),
    Nam: String(figures.year),
    Madonvi: figures.unit,
    TenDonVi: figures.unitName,
    LoaiThongKe: "1",
    SoNhanTrongKy: String(received),
    SoTonKyTruoc: String(carriedOver),
    TongSoXuLy: String(received + carriedOver),
    TongDaXuLy: String(handled),
    TongXuLyDungHan: String(handledInTime),
    PhanTramXuLyDungHan: percent(handledInTime, handled),
    TongXuLyTreHan: String(handledLate),
    PhanTramXuLyTreHan: percent(handledLate, handled),
    TongChuaXuLy: String(open),
    TongChuaXuLyTrongHan: String(openInTime),
    PhanTramChuaXuLyTrongHan: percent(openInTime, open),
    TongChuaXuLyTreHan: String(openOverdue),
    PhanTramChuaXuLyTreHan: percent(openOverdue, open),
    GhiChu: apart === 0 ? "" : `Chưa kể ${apart} hồ sơ không xác định được thời hạn giải quyết`,
  };
}

/** Two decimals, rounded half up in whole numbers; 0.00 of nothing. */
function percent(part: number, whole: number): string {
  if (whole === 0) return "0.00";
  const hundredths = Math.floor((part * 20_000 + whole) / (2 * whole));
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}

/** What the portal said to one record. */
export interface StatisticsAnswer {
  accepted: boolean;
  text: string;
}

const AT_ONCE = 200;

/**
 * Sends monthly figures and answers what the portal said to each, in their order; sent again they replace the earlier
 * ones there. One that is refused leaves the others sent. Throws PortalUnavailable.
 */
export async function sendStatistics(
  deps: ClientDeps,
  records: readonly PortalRow[],
): Promise<StatisticsAnswer[]> {
  const portal = openPortal(deps);
  const answers: StatisticsAnswer[] = [];
  for (let at = 0; at < records.length; at += AT_ONCE) {
    const some = records.slice(at, at + AT_ONCE);
    const verdicts = await portal.push("statistics", some);
    // Refused as a whole: one of them is at fault, so each goes by itself.
    if (verdicts === "singly")
      for (const record of some) {
        const one = await portal.push("statistics", [record]);
        answers.push(answerOf(one === "singly" ? undefined : one[0]));
      }
    else answers.push(...some.map((_, index) => answerOf(verdicts[index])));
  }
  return answers;
}

function answerOf(verdict: PushVerdict | undefined): StatisticsAnswer {
  if (verdict?.kind === "accepted") return { accepted: true, text: "Đồng bộ thống kê thành công" };
  return { accepted: false, text: verdict?.reason ?? "không rõ lý do" };
}
