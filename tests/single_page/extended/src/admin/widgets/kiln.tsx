export const config = { zone: "order.list.before" };

const Kiln = () => {
  return <div>The kiln of this shop is hot</div>;
};

export default Kiln;
