/** Words of maps. */
export const mapTexts = {
  map: (names: string) => `Map: ${names}`,
  places: (count: number) => `${count} ${count === 1 ? "place" : "places"}`,
  unnamed: "Place without a name",
  more: (count: number) => `${count} more`,
  showList: "Show list",
  hideList: "Hide list",
  list: "Places on the map",
  tools: "Move the map",
  closer: "Zoom in",
  farther: "Zoom out",
  reset: "Show all places",
  failed: "The map could not be loaded; these are its places.",
};
