const DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const GROUPS = ["", " nghìn", " triệu", " tỷ"];

/** 1505000 → "Một triệu năm trăm linh năm nghìn đồng": a whole amount below a million milliards of đồng, as receipts write it. */
export function amountInWords(amount: number): string {
  const words = amount === 0 ? "không" : read(amount);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} đồng`;
}

function read(amount: number): string {
  const BILLION = 1_000_000_000;
  if (amount >= 1000 * BILLION) {
    const rest = amount % BILLION;
    return `${read(Math.floor(amount / BILLION))} tỷ${rest === 0 ? "" : ` ${read(rest)}`}`;
  }
  const groups: string[] = [];
  let left = amount;
  for (let place = 0; left > 0; place += 1) {
    const group = left % 1000;
    left = Math.floor(left / 1000);
    if (group > 0) groups.unshift(`${hundreds(group, left > 0)}${GROUPS[place] ?? ""}`);
  }
  return groups.join(" ");
}

/** A group of three figures; `whole`: figures stand before it, so its hundreds and tens are read even when 0. */
function hundreds(group: number, whole: boolean): string {
  const [hundred, ten, one] = [Math.floor(group / 100), Math.floor(group / 10) % 10, group % 10];
  const parts: string[] = [];
  if (hundred > 0 || whole) parts.push(`${digit(hundred)} trăm`);
  if (ten === 0) {
    if (one > 0 && parts.length > 0) parts.push("linh");
  } else parts.push(ten === 1 ? "mười" : `${digit(ten)} mươi`);
  if (one > 0) parts.push(unit(ten, one));
  return parts.join(" ");
}

/** 21 ends in "mốt", 15 in "lăm"; 24 in "bốn", as it is mostly written on receipts. */
function unit(ten: number, one: number): string {
  if (one === 1 && ten > 1) return "mốt";
  return one === 5 && ten > 0 ? "lăm" : digit(one);
}

const digit = (value: number) => DIGITS[value] ?? "";
