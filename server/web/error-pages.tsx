import type { ErrorRequestHandler } from "express";
import type { VNode } from "preact";
import type { Problem } from "../platform/errors.ts";
import { problemOf } from "../platform/problem.ts";
import type { Log } from "../platform/log.ts";
import { Page, sendPage } from "./layout.tsx";

const SAID: Record<number, { heading: string; advice: string }> = {
  404: {
    heading: "Không tìm thấy trang này",
    advice: "Địa chỉ có thể đã gõ sai. Hãy kiểm tra lại, hoặc bắt đầu từ trang tra cứu hồ sơ.",
  },
  429: {
    heading: "Bạn đã thử quá nhiều lần",
    advice: "Hãy chờ một lát rồi thử lại. Hồ sơ của bạn không bị ảnh hưởng.",
  },
  500: {
    heading: "Hệ thống đang gặp lỗi",
    advice:
      "Lỗi ở phía chúng tôi, không phải do bạn. Hãy thử lại sau ít phút. Hồ sơ của bạn không bị ảnh hưởng.",
  },
  503: {
    heading: "Hệ thống tạm thời chưa phục vụ được",
    advice: "Hãy thử lại sau ít phút. Hồ sơ của bạn không bị ảnh hưởng.",
  },
};

/** What a reader is told when a page cannot be shown; nothing of the cause. */
export function ErrorPage({ problem, owner }: { problem: Problem; owner?: string | undefined }): VNode {
  const said = SAID[problem.status] ??
    (problem.status >= 500 ? SAID[500] : undefined) ?? {
      heading: problem.title,
      advice: problem.publicMessage,
    };
  const wait = Number(problem.headers["Retry-After"] ?? Number.NaN);
  return (
    <Page title={`${said.heading} – Một cửa điện tử`} owner={owner} unlisted>
      <div class="card">
        <h1>{said.heading}</h1>
        <p>{said.advice}</p>
        {Number.isFinite(wait) && <p>Thời gian chờ: khoảng {waitInWords(wait)}.</p>}
        <p>
          <a href="/tra-cuu">Tra cứu hồ sơ</a>
        </p>
      </div>
    </Page>
  );
}

function waitInWords(seconds: number): string {
  return seconds < 60 ? `${seconds} giây` : `${Math.ceil(seconds / 60)} phút`;
}

/** The last handler of page routes: turns whatever was thrown into a page in Vietnamese, and logs what is ours to mend. */
export function pageProblems(log: Log, owner?: string): ErrorRequestHandler {
  return (thrown: unknown, req, res, next) => {
    const problem = problemOf(thrown);
    if (problem.status >= 500) log.error({ err: thrown, method: req.method, page: true }, problem.message);
    if (res.headersSent) {
      next(thrown);
      return;
    }
    res.set(problem.headers);
    sendPage(res, problem.status, <ErrorPage problem={problem} owner={owner} />);
  };
}
