export const PROPOSED_FIELDS = ["name", "identity", "birth", "number", "date"] as const;
export type ProposedField = (typeof PROPOSED_FIELDS)[number];

/** What the text of a paper says about somebody or itself; an officer takes it or not. Dates are 2026-11-23. */
export type Proposals = Partial<Record<ProposedField, string>>;

/** A word of a Vietnamese name, in capitals or with a capital first letter. */
const WORD = String.raw`\p{Lu}[\p{L}']*`;
const NAME = String.raw`(${WORD}(?: ${WORD}){1,6})`;
const FILL = String.raw`[\s:.…_/|-]*`;

/** Words that stand before a name on cards, forms and certificates; each line of a form may be filled up with dots. */
const BEFORE_NAME = [
  String.raw`Họ và tên(?:\s*/\s*Full name)?`,
  String.raw`Họ, chữ đệm(?: và)?,? tên(?: khai sinh)?(?: của)?(?: người yêu cầu)?`,
  "Họ(?:,)? tên",
  "Full name",
  "Tôi tên(?: là)?",
  String.raw`Tên tôi là`,
  String.raw`(?:Ông|Bà|Ông/Bà|Ông \(Bà\)|Ông \(bà\)|Ông/bà)`,
];

const BEFORE_IDENTITY = String.raw`(?:Số định danh(?: cá nhân)?|Căn cước(?: công dân)?|CCCD(?:/CMND)?|CMND(?:/CCCD)?|Chứng minh nhân dân|Giấy tờ tùy thân|ID|No)`;

/**
 * Finds name, number of the identity card, date of birth, and number and date of the paper in its text. What is not
 * sure is left out: a wrong proposal costs more than none.
 */
export function proposeFields(text: string): Proposals {
  const clean = text
    .normalize("NFC")
    .replace(/[\u00a0\t]+/g, " ")
    .replace(/ {2,}/g, " ");
  return Object.fromEntries(
    Object.entries({
      name: nameIn(clean),
      identity: identityIn(clean),
      birth: birthIn(clean),
      number: numberIn(clean),
      date: dateIn(clean),
    }).filter(([, value]) => value !== undefined),
  );
}

function nameIn(text: string): string | undefined {
  for (const before of BEFORE_NAME) {
    const found = new RegExp(`(?:^|[^\\p{L}])${before}${FILL}\\n?[ ]*${NAME}`, "mu").exec(text)?.[1];
    const name = found
      ?.replace(/\s+(?:Sinh|Giới|Ngày|Số|Nam|Nữ|Quốc|Dân|CCCD|CMND|Năm|Date)\b.*$/u, "")
      .trim();
    if (name?.includes(" ") === true && name.length <= 60) return inNameLetters(name);
  }
  return undefined;
}

/** Capitals as cards print them become a name as people write it. */
function inNameLetters(name: string): string {
  if (name !== name.toLocaleUpperCase("vi")) return name;
  return name
    .toLocaleLowerCase("vi")
    .replace(/(^|\s)(\p{L})/gu, (_, space: string, letter: string) => space + letter.toLocaleUpperCase("vi"));
}

/** Twelve digits of a personal number (Law on Identification 2023), or nine of the older card; a telephone has ten. */
function identityIn(text: string): string | undefined {
  const digits = (found: string | undefined) => found?.replace(/\D/g, "");
  const spaced = String.raw`((?:\d[ .]?){11}\d|(?:\d[ .]?){8}\d)(?![ .]?\d)`;
  const named = new RegExp(`${BEFORE_IDENTITY}[^\\d\\n]{0,40}${spaced}`, "iu").exec(text)?.[1];
  const told = digits(named);
  if (told !== undefined && isIdentity(told)) return told;
  const bare = [...text.matchAll(/(?<![\d/.-])(\d{12}|\d{3} ?\d{3} ?\d{3} ?\d{3})(?![\d/-])/g)]
    .map(([, found]) => digits(found))
    .filter((one): one is string => one !== undefined && isIdentity(one));
  // Two people on one paper: which of them is meant is not for us to say.
  return new Set(bare).size === 1 ? bare[0] : undefined;
}

/** Provinces have the codes 001 to 096 (Circular 07/2016/TT-BCA); the fourth digit is century and sex, up to 3 now. */
function isIdentity(digits: string): boolean {
  return digits.length === 9 || /^0(?:0[1-9]|[1-8]\d|9[0-6])[0-3]\d{8}$/.test(digits);
}

const NUMERIC = String.raw`(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})`;
const IN_WORDS = String.raw`ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})`;

function birthIn(text: string): string | undefined {
  const before = String.raw`(?:Ngày sinh|Ngày,? tháng,? năm sinh|Sinh ngày|Date of birth|Năm sinh)`;
  const found =
    new RegExp(`${before}[^\\d\\n]{0,30}${NUMERIC}`, "iu").exec(text) ??
    new RegExp(`(?:${before}|sinh)[\\s:]*(?:${IN_WORDS})`, "iu").exec(text);
  return found === null ? undefined : dateOf(found);
}

/** "Số: 123/UBND-TP", "Số 45/2026/TLKS-BS". */
function numberIn(text: string): string | undefined {
  const found = /(?:^|\n)[ ]*Số[ ]*[:.]?[ ]*(\d{1,6}[ ]?(?:\/[ ]?[\p{Lu}\d][\p{Lu}\d.&-]*){1,3})/u.exec(
    text,
  )?.[1];
  return found?.replace(/ /g, "").replace(/[.-]+$/, "");
}

/** The date beside the place: "Vị Thanh, ngày 20 tháng 9 năm 2022", the first one on the paper. */
function dateIn(text: string): string | undefined {
  const found = new RegExp(`\\p{L},?\\s+${IN_WORDS}`, "iu").exec(text);
  if (found === null || /sinh[\s:,]*$/iu.test(text.slice(0, found.index + 2))) return undefined;
  return dateOf(found);
}

function dateOf([, day, month, year]: RegExpExecArray): string | undefined {
  const iso = `${year ?? ""}-${(month ?? "").padStart(2, "0")}-${(day ?? "").padStart(2, "0")}`;
  const date = new Date(`${iso}T00:00:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return isReal && Number(year) >= 1900 && Number(year) < 2100 ? iso : undefined;
}
