import type { DossierForPortal, ProgressForPortal } from "../../server/dossier/portal-message.ts";

/** A dossier of the stub's birth registration, accepted at the counter unless told. */
export function makeDossier(code: string, changes: Partial<DossierForPortal> = {}): DossierForPortal {
  const status = changes.status ?? 2;
  return {
    code,
    procedure: { code: "1.001193.000.00.00.H30", name: "Đăng ký khai sinh" },
    field: "Hộ tịch",
    channel: "counter",
    holder: { kind: "citizen", name: "Nguyễn Thị Thử", identity: { type: "cccd", number: "093000000001" } },
    phone: "0900000001",
    email: null,
    submittedAt: "2023-11-24T07:59:00+07:00",
    receivedAt: status === 1 || status === 3 ? null : "2023-11-24T08:00:00+07:00",
    dueAt: null,
    status,
    finishedAt: null,
    refusedAt: null,
    returnedAt: null,
    returnMethod: "counter",
    processingUnit: "Sở Tư pháp",
    papers: [],
    fees: [],
    supplements: [],
    results: [],
    ...changes,
  };
}

export function makeProgress(
  code: string,
  status: number,
  step: number,
  changes: Partial<ProgressForPortal> = {},
): ProgressForPortal {
  return {
    code,
    handler: "Trần Văn Mẫu",
    position: "Chuyên viên",
    unit: "Sở Tư pháp",
    at: new Date(Date.parse("2023-11-24T08:00:00+07:00") + step * 60_000).toISOString(),
    text: `Xử lý (bước ${step})`,
    status,
    dueAt: null,
    ...changes,
  };
}
