import { isDeepStrictEqual } from "node:util";
import type { Route } from "../../http/route.ts";
import { createRouteFinder, type Asked } from "./find-route.ts";

/**
 * Checks what a route answers against what `/openapi.json` says of it: a success is declared, and JSON of it has every
 * member that its schema wants, and none besides.
 */
export const createAnswerCheck = (routes: readonly Route[]) => {
  const routeOf = createRouteFinder(routes);
  return async (asked: Asked, response: Response): Promise<void> => {
    const route = routeOf(asked);
    if (route === undefined || !response.ok) return;
    const name = `${route.method} ${route.path} answers ${response.status}`;
    const declared = route.answers[response.status];
    if (declared === undefined) throw new Error(`${name}, which its description does not hold`);
    if (response.headers.get("content-type") !== "application/json") return;
    const schema = declared.whole ?? declared.schema;
    if (schema === undefined) throw new Error(`${name} with JSON, which its description does not hold`);
    const json: unknown = await response.clone().json();
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw new Error(`${name} otherwise than described`, { cause: parsed.error });
    const [said, described] = [JSON.stringify(json), JSON.stringify(parsed.data)];
    if (!isDeepStrictEqual(parsed.data, json))
      throw new Error(`${name} with more than described: ${said} instead of ${described}`);
  };
};
