import { dayOf } from "./moments.ts";

/** The decree on the one-stop shop, by the day from which it holds. */
const ONE_STOP_DECREES = [
  {
    from: "2018-06-21",
    title:
      "Nghị định số 61/2018/NĐ-CP của Chính phủ về thực hiện cơ chế một cửa, một cửa liên thông trong giải quyết thủ tục hành chính",
  },
  {
    from: "2025-07-01",
    title:
      "Nghị định số 118/2025/NĐ-CP của Chính phủ về thực hiện thủ tục hành chính theo cơ chế một cửa, một cửa liên thông tại Bộ phận Một cửa và Cổng Dịch vụ công quốc gia",
  },
];

/** The decree on the one-stop shop in force on that day, as a paper cites it. */
export function oneStopDecree(moment: Date): string {
  const day = dayOf(moment);
  const inForce = ONE_STOP_DECREES.filter((decree) => decree.from <= day).at(-1) ?? ONE_STOP_DECREES[0];
  return inForce?.title ?? "";
}
