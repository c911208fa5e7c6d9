import { connectionsContract } from "../live/connections-contract.ts";
import { memoryConnections } from "./connections.ts";

connectionsContract("Memory", async () => ({ connections: memoryConnections() }));
