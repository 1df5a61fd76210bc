/** A field that is wrong: `path` as in the body ("applicant.identity.number"), `message` in Vietnamese. */
export interface FieldError {
  path: string;
  message: string;
}

export interface ProblemOptions {
  /** Further members of the answer, for instance `rule` and `allowedEvents`. */
  extras?: Record<string, unknown>;
  /** Response headers, for instance Retry-After. */
  headers?: Record<string, string>;
  /** For the log only; by default the public text. Never personal data. */
  logText?: string;
  cause?: unknown;
}

/**
 * A refusal that is told to the caller. `code` is stable for programs; `publicMessage` is Vietnamese and for people;
 * `message` is for the log. The status stands on the class.
 */
export abstract class Problem extends Error {
  abstract readonly status: number;
  /** Short and the same for every problem of the class, in Vietnamese. */
  abstract readonly title: string;
  readonly extras: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    readonly code: string,
    readonly publicMessage: string,
    options: ProblemOptions = {},
  ) {
    super(
      options.logText ?? publicMessage,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = new.target.name;
    this.extras = options.extras ?? {};
    this.headers = options.headers ?? {};
  }
}

/** Thrown when the request cannot be read at all: malformed JSON, a wrong encoding. */
export class Unreadable extends Problem {
  readonly status = 400;
  readonly title = "Không đọc được yêu cầu";
  constructor(code = "unreadable", publicMessage = "Yêu cầu không đọc được.", options?: ProblemOptions) {
    super(code, publicMessage, options);
  }
}

/** Thrown when the caller has not said who he is, or not rightly. */
export class Unauthenticated extends Problem {
  readonly status = 401;
  readonly title = "Chưa đăng nhập";
  constructor(code = "unauthenticated", publicMessage = "Bạn cần đăng nhập.", options: ProblemOptions = {}) {
    super(code, publicMessage, { ...options, headers: { "WWW-Authenticate": "Bearer", ...options.headers } });
  }
}

/** Thrown when the caller is known and may not do this. */
export class NotAllowed extends Problem {
  readonly status = 403;
  readonly title = "Không có quyền";
  constructor(
    code = "not-allowed",
    publicMessage = "Bạn không có quyền làm việc này.",
    options?: ProblemOptions,
  ) {
    super(code, publicMessage, options);
  }
}

/** Thrown when there is no such thing, or the caller may not know of it. */
export class NotFound extends Problem {
  readonly status = 404;
  readonly title = "Không tìm thấy";
  constructor(code = "not-found", publicMessage = "Không tìm thấy nội dung này.", options?: ProblemOptions) {
    super(code, publicMessage, options);
  }
}

/** Thrown when the thing's state or the rules do not allow it now. */
export class Refused extends Problem {
  readonly status = 409;
  readonly title = "Không thực hiện được lúc này";
}

/** Thrown when the caller changes a version that is no longer the present one. */
export class VersionMismatch extends Problem {
  readonly status = 412;
  readonly title = "Hồ sơ đã thay đổi";
  constructor(publicMessage: string, options?: ProblemOptions) {
    super("version-mismatch", publicMessage, options);
  }
}

/** Thrown when the body or a file is over its limit. */
export class TooLarge extends Problem {
  readonly status = 413;
  readonly title = "Dung lượng quá lớn";
  constructor(code = "too-large", publicMessage = "Nội dung gửi lên quá lớn.", options?: ProblemOptions) {
    super(code, publicMessage, options);
  }
}

/** Thrown when the body is of a kind that is not taken here. */
export class UnsupportedMedia extends Problem {
  readonly status = 415;
  readonly title = "Loại nội dung không được nhận";
  constructor(
    code = "unsupported-media",
    publicMessage = "Loại nội dung này không được nhận ở đây.",
    options?: ProblemOptions,
  ) {
    super(code, publicMessage, options);
  }
}

/** Thrown when single fields are wrong; `errors` names each. */
export class Invalid extends Problem {
  readonly status = 422;
  readonly title = "Nội dung chưa hợp lệ";
  constructor(
    readonly errors: FieldError[],
    publicMessage = "Một số thông tin chưa hợp lệ.",
    code = "invalid",
    options: ProblemOptions = {},
  ) {
    const logText = options.logText ?? `invalid: ${errors.map((error) => error.path).join(", ")}`;
    super(code, publicMessage, { ...options, logText });
  }
}

/** Thrown when the caller asks too often. `retryAfter` is in seconds. */
export class TooMany extends Problem {
  readonly status = 429;
  readonly title = "Quá nhiều yêu cầu";
  constructor(
    retryAfter: number,
    code = "too-many-requests",
    publicMessage = "Bạn gửi quá nhiều yêu cầu. Vui lòng thử lại sau.",
  ) {
    super(code, publicMessage, { headers: { "Retry-After": String(Math.max(1, Math.ceil(retryAfter))) } });
  }
}

/** Thrown when a part that is needed does not answer now. */
export class Unavailable extends Problem {
  readonly status = 503;
  readonly title = "Hệ thống tạm thời chưa phục vụ được";
  constructor(
    code = "unavailable",
    publicMessage = "Hệ thống đang bận. Vui lòng thử lại sau.",
    options?: ProblemOptions,
  ) {
    super(code, publicMessage, options);
  }
}
