// As `medusa-admin bundle` leaves it in a plugin's package.
import React from "react";

const Glaze = () => React.createElement("div", null, "A plugin knows the glaze");
const entry = { identifier: "shown", extensions: [{ Component: Glaze, config: { zone: "product.list.before", type: "widget" } }] };

export default entry;
