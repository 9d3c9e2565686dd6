import { useEffect, useState } from "react";

/** True as soon as `isSo` has been true for that long without a break. */
export const useLater = (isSo: boolean, milliseconds: number): boolean => {
  const [isLater, setIsLater] = useState(false);
  useEffect(() => {
    if (!isSo) return;
    const timer = setTimeout(() => setIsLater(true), milliseconds);
    return () => {
      clearTimeout(timer);
      setIsLater(false);
    };
  }, [isSo, milliseconds]);
  return isSo && isLater;
};
