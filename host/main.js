// The host's entry: loads the project in the mode that the server asks for, and tells the server how that went.
"use strict";

const { Fault } = require("./fault.js");

async function main({ link, start }) {
  let ready = false;
  // As `medusa start`: printed and survived.
  process.on("unhandledRejection", (reason) => console.log(reason instanceof Error ? reason : new Error(String(reason))));
  process.on("uncaughtException", (error) => console.log(error));

  const tell = (text) => link.notice("progress", { text });
  let told = false; // why the process ends
  const fault = (message, { plugin = null, stack = message, final = false }) => { told = true; return { message, plugin, stack, final }; };
  const fail = (error) => {
    const { plugin, final } = error instanceof Fault ? error : {};
    link.last("failed", fault(String(error?.message ?? error), { plugin: plugin ?? null, stack: String(error?.stack ?? error), final: final ?? false }), () => process.exit(1));
    setTimeout(() => process.exit(1), 2000).unref();
  };
  // Later it is one crash among others. What is written at once goes out before the end.
  const told_end = (text, { name, own }) => {
    if (ready) console.error(text);
    else link.notice("failed", fault(`${text} while the project was loaded`, { plugin: own ? null : name, stack: new Error(text).stack }));
  };
  process.on("exit", (code) => { if (!ready && !told && !link.socket.destroyed) console.error(`The process was ended with ${code} while the project was loaded`); });

  try {
    link.on("ping", async () => ({}));
    if (start.mode === "migrations") {
      await require("./migrations.js").migrate({ link, start, tell });
      ready = true;
      return;
    }
    const kept = require("./kept.js").keep(start.kept, start.project);
    const { boot } = require("./boot.js");
    let stop;
    link.on("stop", async () => {
      told = true;
      return stop ? stop() : process.exit(0);
    });
    const report = await boot({ link, start, tell, told_end, whenStopped: (wish) => { stop = wish; } });
    ready = true;
    link.notice("ready", { report });
    void kept?.write();
  } catch (error) {
    fail(error);
  }
}

module.exports = { main };
