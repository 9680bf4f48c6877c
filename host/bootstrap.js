// What `node -e` runs in the child. It reads the first frame on descriptor 3, in which the server sends the files of this folder,
// and gives each of them a `require` that knows the others: nothing of the host lies on the shop's disk.
// It must parse and run under any Node, so that it can say which one is needed.
"use strict";
(function () {
  var Net = require("net");
  var vm = require("vm");
  var oldest = 18; // Node's major version
  var most = 16 * 1024 * 1024; // bytes of one frame
  var socket = new Net.Socket({ fd: 3, readable: true, writable: true });
  var bytes = Buffer.alloc(0);

  // The end of the server is the end of the child, whatever it is doing.
  function end() { process.exit(0); }
  socket.on("error", end);
  socket.on("end", end);
  socket.on("close", end);
  socket.on("data", read);

  function read(part) {
    bytes = Buffer.concat([bytes, part]);
    if (bytes.length < 4) return;
    var length = bytes.readUInt32BE(0);
    if (length > most) { console.error("The first frame of the server is too long"); process.exit(1); }
    if (bytes.length < 4 + length) return;
    socket.removeListener("data", read);
    var start = JSON.parse(bytes.toString("utf8", 4, 4 + length)).arguments;
    begin(start, bytes.subarray(4 + length));
  }

  function refuse(message) {
    var text = Buffer.from(JSON.stringify({ method: "failed", arguments: { message: message, plugin: null, stack: "", final: true } }));
    var head = Buffer.alloc(4);
    head.writeUInt32BE(text.length, 0);
    socket.write(Buffer.concat([head, text]), function () { process.exit(1); });
  }

  function begin(start, rest) {
    if (Number(process.versions.node.split(".")[0]) < oldest) return refuse("The project's plugins and code need Node " + oldest + " or newer, and this is " + process.version + ". Install a newer one, or put it first in PATH.");
    var modules = Object.create(null);
    function load(name) {
      if (modules[name]) return modules[name].exports;
      var text = start.files[name];
      if (text === undefined) throw new Error("The host has no file " + name);
      var module = (modules[name] = { exports: {} });
      if (/\.json$/.test(name)) module.exports = JSON.parse(text);
      else vm.compileFunction(text, ["exports", "require", "module"], { filename: "stheno/host/" + name })(module.exports, required, module);
      return module.exports;
    }
    function required(name) { return name.indexOf("./") === 0 ? load(name.slice(2)) : require(name); }
    var Link = load("link.js").Link;
    load("main.js").main({ link: new Link(socket, rest), start: start });
  }
})();
