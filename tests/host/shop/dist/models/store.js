Object.defineProperty(exports, "__esModule", { value: true });
const { Column, Entity, OneToMany } = require("typeorm");
const medusa = require("@medusajs/medusa");
class Store extends medusa.Store {}
Column({ type: "text", nullable: true })(Store.prototype, "motto");
OneToMany(() => require("./badge.js").Badge, (badge) => badge.store)(Store.prototype, "badges");
Entity()(Store);
exports.Store = Store;
