// The host's entry: loads the project in the mode that the server asks for, and tells the server how that went.
"use strict";

const { Fault } = require("./fault.js");

const oldest = 18; // Node's major version

async function main({ link, start }) {
  let ready = false;
  // As `medusa start`: printed and survived.
  process.on("unhandledRejection", (reason) => console.log(reason instanceof Error ? reason : new Error(String(reason))));
  process.on("uncaughtException", (error) => console.log(error));

  const tell = (text) => link.notice("progress", { text });
  const fail = (error) => {
    const final = error instanceof Fault ? error.final : false;
    link.last("failed", { message: String(error?.message ?? error), plugin: error?.plugin ?? null, stack: String(error?.stack ?? error), final }, () => process.exit(1));
    setTimeout(() => process.exit(1), 2000).unref();
  };
  // A package that ends the process while it loads leaves no word.
  process.on("exit", (code) => { if (!ready && code !== 0 && process.exitCode === undefined) console.error(`The project's code ended the process with ${code} while it was loaded`); });

  try {
    if (Number(process.versions.node.split(".")[0]) < oldest) throw new Fault(`The project's plugins and code need Node ${oldest} or newer, and this is ${process.version}. Install a newer one, or put it first in PATH.`);
    link.on("ping", async () => ({}));
    if (start.mode === "migrations") {
      await require("./migrations.js").migrate({ link, start, tell });
      ready = true;
      return;
    }
    const { boot } = require("./boot.js");
    let stop;
    link.on("stop", async () => (stop ? stop() : process.exit(0)));
    const report = await boot({ link, start, tell, whenStopped: (wish) => { stop = wish; } });
    ready = true;
    link.notice("ready", { report });
  } catch (error) {
    fail(error);
  }
}

module.exports = { main };
