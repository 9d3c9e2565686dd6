/** The whole app. */
export const App = () => <main>Natter</main>;
