/**
 * Thrown when the portal cannot be reached, does not answer in time, or answers nothing readable. The message
 * may be sent again, for ever. `reached` says whether it may have read what was sent: then the fault could lie
 * in the message, and the message could have been kept.
 */
export class PortalUnavailable extends Error {
  readonly code = "portal-unavailable";
  constructor(
    message: string,
    readonly reached: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "PortalUnavailable";
  }
}

/** Thrown when the portal understood a call and refuses it; sending the same again would not help. */
export class PortalRefused extends Error {
  readonly code = "portal-refused";
  constructor(
    readonly reason: string,
    readonly portalCode: number | undefined,
  ) {
    super(`the portal refuses: ${reason}`);
    this.name = "PortalRefused";
  }
}

/** Thrown when the portal no longer knows the session; log in and call again. */
export class SessionExpired extends Error {
  readonly code = "portal-session-expired";
  constructor() {
    super("the portal's session has expired");
    this.name = "SessionExpired";
  }
}

/** Thrown when a dossier has something that the portal's record cannot say. */
export class CannotBeMapped extends Error {
  readonly code = "portal-cannot-be-mapped";
  /** The field of the portal's record, such as SoDienThoai. */
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
    this.name = "CannotBeMapped";
  }
}
