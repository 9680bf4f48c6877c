export const config = { link: { label: "Kilns" } };

const Kilns = () => {
  return <h1>All kilns of this shop</h1>;
};

export default Kilns;
