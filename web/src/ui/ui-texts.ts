/** Words of the parts that everything is made of. */
export const uiTexts = {
  close: "Close",
  loading: "Loading…",
  tryAgain: "Try again",
  undo: "Undo",
  keep: "Cancel",
  dismiss: "Dismiss",
  notices: "Notices",
  overlays: "Menus",
};
