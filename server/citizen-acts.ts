import { uploadDocument } from "./digitization/upload-document.ts";
import type { Deps } from "./dossier/deps.ts";
import { answerOnce } from "./dossier/once.ts";
import { CITIZEN } from "./dossier/request.ts";
import { actOnDossier } from "./processing/act-on-dossier.ts";
import type { CitizenActs } from "./tracking/send-acts.ts";
import { trackWithSecret } from "./tracking/track-dossier.ts";

/**
 * What the citizen's pages do to a dossier, by the same ways as the API's POST …/documents and …/events. The secret
 * has been checked by then. `uploadDir` is where the file store clears away what an interrupted upload left.
 */
export function citizenActs(deps: Deps, uploadDir: string): CitizenActs {
  return {
    uploadDir,
    upload: ({ once, ...upload }) =>
      answerOnce(deps, once, () =>
        uploadDocument(deps, { ...upload, caller: CITIZEN, ...(once === undefined ? {} : { once }) }),
      ),
    act: ({ once, ...act }) =>
      answerOnce(deps, once, () =>
        actOnDossier(
          deps,
          { ...act, caller: CITIZEN, ...(once === undefined ? {} : { once }) },
          (dossier, trx) => trackWithSecret(deps, trx, dossier.code),
        ),
      ),
  };
}
