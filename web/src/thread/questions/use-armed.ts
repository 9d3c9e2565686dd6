import { useEffect, useState } from "react";

const armedAfter = 400;

/** False at first: what appears under a pointer that is about to click is not meant by the click. */
export const useArmed = (): boolean => {
  const [isArmed, setIsArmed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsArmed(true), armedAfter);
    return () => clearTimeout(timer);
  }, []);
  return isArmed;
};
