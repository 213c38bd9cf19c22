// A CSI driver for tests: volumes and snapshots are folders of the node that it runs on. It registers itself with the kubelet.
package main

import (
	"flag"
	"log"
	"net"
	"os"
	"path/filepath"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

const driverName = "folders.csi.test"

// Serves on a socket until the program ends.
func serve(socket string, register func(*grpc.Server)) {
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.UnaryInterceptor(logCall))
	register(server)
	log.Fatal(server.Serve(listener))
}

func main() {
	data := flag.String("data", "", "folder of all volumes and snapshots")
	kubelet := flag.String("kubelet", "", "root folder of the kubelet")
	socket := flag.String("socket", "", "where the driver is called")
	node := flag.String("node", "", "name of the node")
	flag.Parse()
	store := folders(*data)
	if err := os.MkdirAll(*data, 0o755); err != nil {
		log.Fatal(err)
	}
	go serve(*socket, func(s *grpc.Server) {
		csi.RegisterIdentityServer(s, identity{})
		csi.RegisterControllerServer(s, controller{folders: store})
		csi.RegisterNodeServer(s, nodeServer{folders: store, name: *node})
	})
	serve(filepath.Join(*kubelet, "plugins_registry", driverName+"-reg.sock"), func(s *grpc.Server) {
		registration.RegisterRegistrationServer(s, registrar{socket: *socket})
	})
}
