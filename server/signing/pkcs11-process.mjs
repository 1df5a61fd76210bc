// @ts-check
/**
 * One use of a PKCS#11 token, in a process of its own: a token knows one log-in per process, so that in a shared one
 * the first officer's PIN would open it for everybody; and a maker's library that crashes or hangs takes nothing else
 * with it. The PIN comes over the channel between the processes, never on the command line or in the environment.
 *
 * @typedef {{ modulePath: string, token?: string | undefined, object?: string | undefined, id?: string | undefined,
 *   pin?: string | undefined, sign?: string | undefined }} Task
 */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";

/** DigestInfo of SHA-256 (RFC 8017, 9.2), before the hash. */
const SHA256 = Buffer.from("3031300d060960864801650304020105000420", "hex");

process.once("message", (task) => {
  let answer;
  try {
    answer = perform(/** @type {Task} */ (task));
  } catch (cause) {
    const { code, message } = /** @type {{ code?: number, message?: string }} */ (cause);
    answer = { error: { code: typeof code === "number" ? code : null, message: String(message) } };
  }
  process.send?.(answer, () => process.exit(0));
});

/** @param {Task} task */
function perform({ modulePath, token, object, id, pin, sign }) {
  /** @type {typeof import("pkcs11js")} */
  const pkcs11 = createRequire(import.meta.url)("pkcs11js");
  const module = new pkcs11.PKCS11();
  module.load(modulePath);
  module.C_Initialize();
  try {
    const slots = module.C_GetSlotList(true);
    const slot = slots.find(
      (one) => token === undefined || module.C_GetTokenInfo(one).label.trim() === token,
    );
    if (slot === undefined)
      throw Object.assign(new Error("no such token"), { code: pkcs11.CKR_TOKEN_NOT_PRESENT });
    const session = module.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION);
    const named = [
      ...(object === undefined ? [] : [{ type: pkcs11.CKA_LABEL, value: object }]),
      ...(id === undefined ? [] : [{ type: pkcs11.CKA_ID, value: Buffer.from(id, "hex") }]),
    ];
    /** @param {number} kind @param {{ type: number, value: any }[]} template */
    const find = (kind, template) => {
      module.C_FindObjectsInit(session, [{ type: pkcs11.CKA_CLASS, value: kind }, ...template]);
      const found = [];
      for (let one = module.C_FindObjects(session, 1); one.length > 0; one = module.C_FindObjects(session, 1))
        found.push(...one);
      module.C_FindObjectsFinal(session);
      return found;
    };
    if (sign === undefined) {
      const certificates = find(pkcs11.CKO_CERTIFICATE, named).map((one) => {
        const [value] = module.C_GetAttributeValue(session, one, [{ type: pkcs11.CKA_VALUE }]);
        return /** @type {Buffer} */ (value?.value).toString("base64");
      });
      return { certificates };
    }
    module.C_Login(session, pkcs11.CKU_USER, pin);
    const [key] = find(pkcs11.CKO_PRIVATE_KEY, named);
    if (key === undefined)
      throw Object.assign(new Error("no such key"), { code: pkcs11.CKR_KEY_HANDLE_INVALID });
    // The plain mechanism, which every token has: the hash is made here.
    module.C_SignInit(session, { mechanism: pkcs11.CKM_RSA_PKCS, parameter: null }, key);
    const hash = createHash("sha256").update(Buffer.from(sign, "base64")).digest();
    const signature = module.C_Sign(session, Buffer.concat([SHA256, hash]), Buffer.alloc(1024));
    module.C_Logout(session);
    return { signature: signature.toString("base64") };
  } finally {
    module.C_Finalize();
  }
}
