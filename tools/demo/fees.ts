import type { AllowedEvent } from "./dossier-view.ts";
import { choose, type Play } from "./play.ts";

const GROUND = "Theo thông báo thử của cơ quan có thẩm quyền.";

/** The front desk takes a fee that was asked for or falls due now. Answers whether it could. */
export function payFee(play: Play): Promise<boolean> {
  const { view, errand } = play;
  const open = view.fees.filter(({ state }) => state !== "paid").map(({ code }) => code);
  return play.act(view.intakeAgencyCode, "frontdesk", "PAY", (event) => {
    const fee = feeOf(event, open) ?? choose(play, event, "feeCode");
    return {
      feeCode: fee.value,
      amount: fee.amount ?? 20_000,
      method: errand.chance.weighted({ cash: 50, transfer: 30, online: 20 }),
      reference: `BL-THU-${errand.number}`,
      ground: GROUND,
    };
  });
}

function feeOf(event: AllowedEvent, open: readonly string[]) {
  return event.needs
    .find(({ field }) => field === "feeCode")
    ?.choices?.find(({ value }) => open.includes(value));
}

/** The specialist, or now and then the front desk, asks for a fee that the procedure leaves open. */
export function requestFee(play: Play, agency: string, role: "specialist" | "frontdesk"): Promise<boolean> {
  return play.act(agency, role, "REQUEST_PAYMENT", (event) => {
    const fee = choose(play, event, "feeCode");
    return {
      feeCode: fee.value,
      amount: fee.amount ?? 50_000 + 1_000 * play.errand.chance.below(100),
      ground: GROUND,
    };
  });
}
