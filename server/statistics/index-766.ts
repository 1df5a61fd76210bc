/**
 * The index of decision 766/QĐ-TTg (domain-facts 4.2): what each indicator is, which of them this system has the inputs of,
 * and how a ratio becomes points. How sure each formula is stands in docs/statistics.md.
 */

/** Numerator and denominator of an indicator, in dossiers or procedures. */
export interface Counted {
  numerator: number;
  denominator: number;
}

export interface Indicator {
  id: IndicatorId;
  group: string;
  name: string;
  /** Most points; null where the share of it within its group is not known. */
  most: number | null;
  /** In percent. */
  target?: number;
  of: "dossiers" | "procedures";
  /** In words, for whoever checks it. */
  formula: string;
}

export type IndicatorId = "1.4" | "2.1" | "3.1" | "3.2" | "3.3" | "3.5b" | "3.6" | "4.1" | "4.2" | "4.3";

export const INDICATORS: readonly Indicator[] = [
  {
    ...{ id: "1.4", group: "Công khai, minh bạch", name: "Hồ sơ đồng bộ lên Cổng Dịch vụ công quốc gia" },
    ...{ most: 6, of: "dossiers" },
    formula: "Hồ sơ tiếp nhận trong kỳ mà Cổng đã nhận ÷ hồ sơ tiếp nhận trong kỳ.",
  },
  {
    ...{ id: "2.1", group: "Tiến độ giải quyết", name: "Hồ sơ giải quyết trước hạn và đúng hạn" },
    ...{ most: 20, of: "dossiers" },
    formula:
      "Hồ sơ kết thúc trong kỳ trước hạn, đúng hạn và hồ sơ cuối kỳ còn trong hạn, trừ hồ sơ bị yêu cầu bổ sung quá một lần ÷ hồ sơ phải giải quyết trong kỳ có thời hạn.",
  },
  {
    ...{ id: "3.1", group: "Dịch vụ công trực tuyến", name: "Thủ tục có dịch vụ công trực tuyến" },
    ...{ most: null, target: 80, of: "procedures" },
    formula: "Thủ tục có dịch vụ công trực tuyến một phần, toàn trình ÷ thủ tục đơn vị giải quyết.",
  },
  {
    ...{ id: "3.2", group: "Dịch vụ công trực tuyến", name: "Dịch vụ công trực tuyến có phát sinh hồ sơ" },
    ...{ most: null, of: "procedures" },
    formula: "Thủ tục có ít nhất một hồ sơ nộp trực tuyến trong kỳ ÷ thủ tục có dịch vụ công trực tuyến.",
  },
  {
    ...{ id: "3.3", group: "Dịch vụ công trực tuyến", name: "Hồ sơ nộp trực tuyến" },
    ...{ most: null, target: 50, of: "dossiers" },
    formula:
      "Hồ sơ nộp trực tuyến có kết quả điện tử (khi thủ tục trả giấy tờ) ÷ hồ sơ tiếp nhận trong kỳ, nhân với tỷ lệ đồng bộ 1.4.",
  },
  {
    ...{ id: "3.5b", group: "Thanh toán trực tuyến", name: "Thủ tục có phí phát sinh thanh toán trực tuyến" },
    ...{ most: 2, target: 80, of: "procedures" },
    formula:
      "Thủ tục có phí, lệ phí có ít nhất một hồ sơ nộp tiền trực tuyến ÷ thủ tục có phí, lệ phí đơn vị giải quyết.",
  },
  {
    ...{ id: "3.6", group: "Thanh toán trực tuyến", name: "Hồ sơ thanh toán trực tuyến" },
    ...{ most: 6, of: "dossiers" },
    formula:
      "Hồ sơ đã nộp phí, lệ phí trực tuyến ÷ hồ sơ của thủ tục có phí, lệ phí, trừ hồ sơ có mọi khoản bằng 0.",
  },
  {
    ...{ id: "4.1", group: "Số hóa hồ sơ", name: "Cấp kết quả điện tử" },
    ...{ most: 6, of: "dossiers" },
    formula: "Hồ sơ có kết quả điện tử đã ký, đóng dấu ÷ hồ sơ đã giải quyết xong của thủ tục trả giấy tờ.",
  },
  {
    ...{ id: "4.2", group: "Số hóa hồ sơ", name: "Số hóa hồ sơ" },
    ...{ most: 4, target: 80, of: "dossiers" },
    formula: "Hồ sơ có tệp của thành phần hồ sơ và, khi phải có, tệp kết quả ÷ hồ sơ tiếp nhận trong kỳ.",
  },
  {
    ...{ id: "4.3", group: "Số hóa hồ sơ", name: "Khai thác, sử dụng lại dữ liệu đã số hóa" },
    ...{ most: 2, target: 80, of: "dossiers" },
    formula: "Hồ sơ có ít nhất một giấy tờ lấy lại từ kho của người nộp ÷ hồ sơ tiếp nhận trong kỳ.",
  },
];

/** Indicators whose inputs lie elsewhere: they are named, and neither 0 nor full marks. */
export const NOT_FROM_HERE: readonly {
  id: string;
  group: string;
  name: string;
  most: number | null;
  where: string;
}[] = [
  {
    id: "1.1",
    group: "Công khai, minh bạch",
    name: "Thủ tục công bố đúng hạn",
    most: 6,
    where: "Cơ sở dữ liệu quốc gia về TTHC",
  },
  {
    id: "1.2",
    group: "Công khai, minh bạch",
    name: "Thủ tục cập nhật, công khai đúng hạn",
    most: 4,
    where: "Cơ sở dữ liệu quốc gia về TTHC",
  },
  {
    id: "1.3",
    group: "Công khai, minh bạch",
    name: "Thủ tục công khai đủ bộ phận cấu thành",
    most: 2,
    where: "Cơ sở dữ liệu quốc gia về TTHC",
  },
  {
    id: "3.5a",
    group: "Thanh toán trực tuyến",
    name: "Thủ tục có phí cung cấp thanh toán trực tuyến",
    most: 2,
    where: "Nền tảng thanh toán trực tuyến quốc gia",
  },
  {
    id: "4.x",
    group: "Số hóa hồ sơ",
    name: "Chứng thực bản sao điện tử từ bản chính",
    most: 2,
    where: "Dịch vụ chứng thực điện tử của Cổng quốc gia",
  },
  {
    id: "4.4",
    group: "Số hóa hồ sơ",
    name: "Kết nối để sử dụng lại dữ liệu",
    most: 4,
    where: "Kho quản lý dữ liệu điện tử của Cổng quốc gia",
  },
  {
    id: "4.5a",
    group: "Số hóa hồ sơ",
    name: "Thủ tục khai thác dữ liệu dân cư",
    most: 2,
    where: "Cơ sở dữ liệu quốc gia về dân cư",
  },
  {
    id: "4.5b",
    group: "Số hóa hồ sơ",
    name: "Hồ sơ khai thác dữ liệu dân cư",
    most: 2,
    where: "Cơ sở dữ liệu quốc gia về dân cư",
  },
  {
    id: "5.1",
    group: "Mức độ hài lòng",
    name: "Phân loại phản ánh, kiến nghị",
    most: 0,
    where: "Hệ thống phản ánh, kiến nghị của Cổng quốc gia",
  },
  {
    id: "5.2",
    group: "Mức độ hài lòng",
    name: "Xử lý phản ánh, kiến nghị đúng hạn",
    most: 6,
    where: "Hệ thống phản ánh, kiến nghị của Cổng quốc gia",
  },
  {
    id: "5.3",
    group: "Mức độ hài lòng",
    name: "Hài lòng trong xử lý phản ánh, kiến nghị",
    most: 6,
    where: "Hệ thống phản ánh, kiến nghị của Cổng quốc gia",
  },
  {
    id: "5.4",
    group: "Mức độ hài lòng",
    name: "Hài lòng trong giải quyết thủ tục",
    most: 6,
    where: "Đánh giá của người nộp trên Cổng quốc gia",
  },
];

export interface Scored extends Counted {
  id: IndicatorId;
  /** In percent, two decimals, half up; null where there is nothing to divide by: then it has no points either. */
  rate: number | null;
  /** Two decimals; null where there is no rate or the most is not known. */
  points: number | null;
}

/**
 * Rates and points of the indicators: with a target T the most where the rate reaches T, else its share of T; without one
 * the rate's share of the most (766's scoring). 3.3 is multiplied by the rate of 1.4. Nothing to divide by is no rate: it
 * counts neither as 0 nor as full marks. Pure.
 */
export function scoreIndex(counts: Readonly<Record<IndicatorId, Counted>>): Scored[] {
  return INDICATORS.map(({ id, most, target }) => {
    const { numerator, denominator } = counts[id];
    const synced = counts["1.4"];
    // In whole numbers as long as it goes: a rate at the target must not fall short of it by a rounding.
    const [part, whole] =
      id === "3.3"
        ? [numerator * synced.numerator, denominator * synced.denominator]
        : [numerator, denominator];
    if (whole === 0) return { id, numerator, denominator, rate: null, points: null };
    const rate = hundredths(part * 100, whole);
    const reaches = target !== undefined && part * 100 >= target * whole;
    const points =
      most === null ? null : reaches ? most : hundredths(part * most * 100, whole * (target ?? 100));
    return { id, numerator, denominator, rate, points };
  });
}

/** Of these points how many can be had here, and how many are. Indicators without a rate count in neither. */
export function sumOfPoints(scored: readonly Scored[]): { points: number; most: number } {
  let [points, most] = [0, 0];
  for (const { id, points: one } of scored) {
    if (one === null) continue;
    points += one;
    most += INDICATORS.find((indicator) => indicator.id === id)?.most ?? 0;
  }
  return { points: Math.round(points * 100) / 100, most };
}

/** a/b to two decimals, half up; both whole and not negative. */
function hundredths(a: number, b: number): number {
  return Number((BigInt(Math.round(a)) * 200n + BigInt(Math.round(b))) / (2n * BigInt(Math.round(b)))) / 100;
}
