import { RequestError, type Client } from "natter/client";
import { enterWorkspace } from "../shell/workspace-choice.ts";
import { messageOf } from "../ui/message-of.ts";
import { notify } from "../ui/notice/notices.ts";
import { forget } from "./forget.ts";

/** Leaves this browser as if the person had never used it, and shows how to sign in. */
export const leaveBrowser = async (): Promise<void> => {
  await forget("person");
  enterWorkspace(null);
};

/**
 * Ends the session; if the server does not hear of it, the person is still signed in, and nothing is forgotten.
 * @throws RequestError when the server does not hear of it
 */
export const endSession = async ({ account }: Client): Promise<void> => {
  try {
    await account.signOut();
  } catch (error) {
    if (!(error instanceof RequestError && error.status === 401)) throw error;
  }
  await leaveBrowser();
};

/** The same; what went wrong is shown in a corner. */
export const signOut = async (client: Client): Promise<void> => {
  try {
    await endSession(client);
  } catch (error) {
    notify(messageOf(error), { tone: "danger" });
  }
};
