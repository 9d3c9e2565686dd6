import type { Logger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import { announceNode, forgetNode, type NodeAnnouncement } from "../store/node-rows.ts";

const everySeconds = 15;

/**
 * Says in the database that this process is there, for as long as it is, so that the console can tell who works.
 * @returns how to say that it goes
 */
export const announce = async (
  database: Database,
  node: NodeAnnouncement,
  logger: Logger,
): Promise<() => Promise<void>> => {
  const say = (): Promise<void> =>
    announceNode(database, node).then(
      () => {},
      (err: unknown) => logger.warn({ err }, "this node could not say that it is there"),
    );
  await say();
  const timer = setInterval(() => void say(), everySeconds * 1_000).unref();
  return async () => {
    clearInterval(timer);
    try {
      await forgetNode(database, node.id);
    } catch (err) {
      logger.warn({ err }, "this node could not say that it goes");
    }
  };
};
