/**
 * What /mapi/g answers. `error_code` "0" means that everything was accepted. The portal's full list of codes is
 * not public; beside "3" (seen in the field for "đã tồn tại") these are this stub's own.
 */
export interface Answer {
  error_code: string;
  message: string;
  result?: unknown[];
}

export interface Refusal {
  error_code: string;
  message: string;
}

export const CODES = {
  ok: "0",
  /** A batch of which only a part was accepted; `result` has a line for each record. */
  partly: "1",
  /** An earlier record of the same dossier in the same request was refused, so this one was not looked at. */
  heldBack: "2",
  exists: "3",
  unknownDossier: "4",
  invalid: "-1",
  unknownService: "-2",
  session: "401",
} as const;

export function refuse(error_code: string, message: string): Refusal {
  return { error_code, message };
}

/**
 * The answer to a push of several records. One record: its own code and message. Several: "0" when all were
 * accepted, else "1" with `result[{MaHoSo, error_code, message}]` in the order of `data`; what is "0" there
 * has been kept.
 */
export function answerPush(
  verdicts: readonly { MaHoSo: string; refusal: Refusal | undefined }[],
  done: string,
): Answer {
  const refused = verdicts.filter((verdict) => verdict.refusal);
  const first = refused[0]?.refusal;
  if (!first) return { error_code: CODES.ok, message: done };
  const result = verdicts.map(({ MaHoSo, refusal }) => ({
    MaHoSo,
    error_code: refusal?.error_code ?? CODES.ok,
    message: refusal?.message ?? done,
  }));
  if (verdicts.length === 1) return { ...first, result };
  const message = `${refused.length}/${verdicts.length} bản ghi không được chấp nhận`;
  return { error_code: CODES.partly, message, result };
}
