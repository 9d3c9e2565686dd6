import type { HttpDependencies } from "../http/dependencies.ts";
import type { Route } from "../http/route.ts";
import { exportRoute } from "./export/export-route.ts";
import { listRoute, reportRoute, startRoute } from "./import/import-routes.ts";

/** Data in and out (N10). */
export const transferRoutes = (dependencies: HttpDependencies): Route[] => [
  exportRoute(dependencies),
  startRoute(dependencies),
  listRoute(dependencies),
  reportRoute(dependencies),
];
