/** Words of the parts that everything is made of. */
export const uiTexts = {
  close: "Close",
  loading: "Loading…",
  tryAgain: "Try again",
  offline: "You are offline. This comes when the connection is back.",
  undo: "Undo",
  keep: "Cancel",
  dismiss: "Dismiss",
  notices: "Notices",
  overlays: "Menus",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "This browser does not let the page copy.",
  done: "Done",
};
