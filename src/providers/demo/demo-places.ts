/** Places that the demo model asks to be shown. */
export const demoPlaces = [
  { name: "Royal Observatory, Greenwich", latitude: 51.4769, longitude: -0.0005 },
  { name: "Torre de Belém, Lisbon", latitude: 38.6916, longitude: -9.216 },
  { name: "Museumsinsel, Berlin", latitude: 52.5169, longitude: 13.401 },
];
