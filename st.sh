. /tmp/env.sh
S=4 node --disable-warning=ExperimentalWarning --conditions=source /tmp/perf/moves.ts &
sleep 3.2
pid=$(pgrep -f src/local/main.ts | head -1)
timeout 1.5 strace -f -T -e trace=fsync,fdatasync,pwrite64,ftruncate,fallocate,write,writev,pread64 -o /tmp/perf/st.txt -p $pid
wait
