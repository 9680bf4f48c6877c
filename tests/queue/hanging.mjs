// A Medusa that takes a job and is never done with it; tests kill it.   node hanging.mjs URL
import { medusaBus } from "./medusa.mjs";

medusaBus(process.argv[2], { "peer.hangs": { hangs: () => { console.log("hangs"); return new Promise(() => setInterval(() => {}, 1000)); } } }, { workerOptions: { lockDuration: 400, stalledInterval: 100 } });
