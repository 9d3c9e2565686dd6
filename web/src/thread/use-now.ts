import { useEffect, useState } from "react";

/** The time in milliseconds since 1970, told once a second as long as somebody wants to know. */
export const useNow = (isWanted: boolean): number => {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isWanted) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isWanted]);
  return now;
};
