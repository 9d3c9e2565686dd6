/** Words of the ways to the dialog that shares a conversation. */
export const shareMenuTexts = {
  share: "Share",
  shareUpToHere: "Share up to here",
};
