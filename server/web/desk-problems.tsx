import type { ErrorRequestHandler } from "express";
import { Invalid } from "../platform/errors.ts";
import type { Log } from "../platform/log.ts";
import { problemOf } from "../platform/problem.ts";
import { ErrorPage } from "./error-pages.tsx";
import { DeskPage } from "./desk-page.tsx";
import { sendPage } from "./layout.tsx";

/** The last handler of the desks' pages: what was thrown, told to the officer, with the way back. */
export function deskProblems(log: Log): ErrorRequestHandler {
  return (thrown: unknown, req, res, next) => {
    const problem = problemOf(thrown);
    if (problem.status >= 500) log.error({ err: thrown, method: req.method, page: true }, problem.message);
    if (res.headersSent) {
      next(thrown);
      return;
    }
    res.set(problem.headers);
    const { desk } = req;
    if (desk === undefined) {
      sendPage(res, problem.status, <ErrorPage problem={problem} />);
      return;
    }
    const title = problem.status >= 500 ? "Hệ thống đang gặp lỗi" : problem.title;
    sendPage(
      res,
      problem.status,
      <DeskPage desk={desk} title={title}>
        <div class="card">
          <p>
            {problem.status >= 500 ? "Lỗi ở phía hệ thống. Hãy thử lại sau ít phút." : problem.publicMessage}
          </p>
          {problem instanceof Invalid && problem.errors.length > 0 && (
            <ul class="plain-list">
              {problem.errors.map(({ message }) => (
                <li>{message}</li>
              ))}
            </ul>
          )}
          <p>
            <a href={req.method === "GET" ? "/ban-lam-viec" : desk.path}>
              {req.method === "GET" ? "Về bàn làm việc" : "Quay lại"}
            </a>
          </p>
        </div>
      </DeskPage>,
    );
  };
}
