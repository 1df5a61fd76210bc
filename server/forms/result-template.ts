/** What a kind of result says: the laws it rests on, and what its draft has to name. */
export interface ResultTemplate {
  /** Beside the decree on one-stop shops, which stands on every result. */
  grounds: readonly string[];
  /** The entries of the draft, in the order in which they are printed. */
  fields: readonly string[];
}

/** An entry of the draft that is printed as a ground: each of its lines for itself. */
export const GROUNDS = "Căn cứ";

const CIVIL_STATUS = [
  "Luật Hộ tịch số 60/2014/QH13 ngày 20 tháng 11 năm 2014",
  "Nghị định số 123/2015/NĐ-CP ngày 15 tháng 11 năm 2015 của Chính phủ quy định chi tiết một số điều và biện pháp thi hành Luật Hộ tịch",
];

/** By how the title of the result begins; the first that fits. */
const TEMPLATES: readonly [title: RegExp, template: ResultTemplate][] = [
  [
    /^giấy khai sinh/iu,
    {
      grounds: CIVIL_STATUS,
      fields: [
        "Họ, chữ đệm, tên",
        "Ngày, tháng, năm sinh",
        "Giới tính",
        "Dân tộc",
        "Quốc tịch",
        "Nơi sinh",
        "Quê quán",
        "Số định danh cá nhân",
        "Họ, chữ đệm, tên người mẹ",
        "Họ, chữ đệm, tên người cha",
        "Họ, chữ đệm, tên người đi khai sinh",
      ],
    },
  ],
  [
    /^(bản sao )?trích lục/iu,
    {
      grounds: CIVIL_STATUS,
      fields: [
        "Họ, chữ đệm, tên",
        "Ngày, tháng, năm sinh",
        "Số định danh cá nhân",
        "Nội dung trích lục",
        "Số, ngày đăng ký",
      ],
    },
  ],
  [
    /^giấy phép/iu,
    {
      grounds: [],
      fields: [
        "Tên tổ chức, cá nhân được cấp phép",
        "Địa chỉ",
        "Nội dung được phép",
        "Địa điểm",
        "Thời hạn",
        "Điều kiện kèm theo",
        GROUNDS,
      ],
    },
  ],
  [
    /^giấy (chứng nhận|xác nhận|công nhận|đăng ký)/iu,
    {
      grounds: [],
      fields: ["Tên tổ chức, cá nhân", "Địa chỉ", "Nội dung chứng nhận", "Thời hạn", GROUNDS],
    },
  ],
  [
    /^chứng chỉ/iu,
    {
      grounds: [],
      fields: ["Họ và tên", "Ngày, tháng, năm sinh", "Phạm vi hành nghề", "Thời hạn", GROUNDS],
    },
  ],
];

const PLAIN: ResultTemplate = { grounds: [], fields: ["Nội dung giải quyết", GROUNDS] };

/** The template of a result by its title ("Giấy khai sinh", "Giấy phép xây dựng"); a plain one where none is known. */
export function resultTemplate(title: string): ResultTemplate {
  const plain = title.normalize("NFC").trim();
  return TEMPLATES.find(([fits]) => fits.test(plain))?.[1] ?? PLAIN;
}
