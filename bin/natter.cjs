#!/usr/bin/env node
// Plain old JavaScript: an old Node must get as far as the line that tells its user what to do.
var wanted = [22, 18];
var found = process.versions.node.split(".").map(Number);

if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  console.error(
    "natter needs Node " +
      wanted.join(".") +
      " or newer; this is Node " +
      process.versions.node +
      ". Get one at https://nodejs.org.",
  );
  process.exit(1);
}

import("../src/cli/main.ts").catch(function (error) {
  console.error(error);
  process.exit(1);
});
