/** Words of the parts that everything is made of. */
export const uiTexts = {
  close: "Close",
  undo: "Undo",
  keep: "Cancel",
  dismiss: "Dismiss",
  notices: "Notices",
  overlays: "Menus",
};
